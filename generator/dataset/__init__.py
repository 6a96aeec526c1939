"""The clip store: clip directories, commits, index, reading back."""
