"""The version of pixels and labels."""

CONTENT_VERSION = 7
"""Raised whenever the code would make different pixels or labels of the same ClipSpec."""

SCHEMA = 1
"""Version of the clip directory (docs/DESIGN.md, section 5)."""
