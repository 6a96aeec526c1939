"""The same way for many clips on Ray."""
