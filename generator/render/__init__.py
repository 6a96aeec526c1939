"""Blender scene to metering, pictures and labels: an iterator of frames."""
