"""Builders of environments, one module a family. They need bpy; import them one by one."""
