"""ClipSpec and Timeline to a Blender scene. Import its modules one by one: some of them need bpy."""
