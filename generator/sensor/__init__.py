"""Radiance to what a body-worn camera records."""
