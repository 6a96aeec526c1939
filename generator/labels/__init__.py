"""Frames and Timeline to annotations, and the self-check."""
