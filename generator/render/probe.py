"""Run as a program by `bodyworn doctor`: what Cycles can use here, what a frame costs. One tab-separated line each."""

import sys
import time

import bpy

WIDTH, HEIGHT, SAMPLES = 320, 180, 2


def devices() -> list[str]:
    """Names of the devices Cycles finds, the CPU among them."""
    preferences = bpy.context.preferences.addons["cycles"].preferences
    names = []
    for kind in ("OPTIX", "CUDA", "HIP", "ONEAPI", "METAL"):
        try:
            found = preferences.get_devices_for_type(kind)
        except (TypeError, ValueError):  # this build of Blender does not know the kind
            continue
        names += [f"{device.name} ({kind})" for device in found if device.type == kind]
    return [*names, "CPU"]


def _scene() -> bpy.types.Scene:
    """A closed room with a lamp and a few spheres: what a corridor asks of the path tracer, in small."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.ops.mesh.primitive_cube_add(size=4)
    for x in (-1.0, 0.0, 1.0):
        bpy.ops.mesh.primitive_uv_sphere_add(radius=0.4, location=(x, 0.8, -0.4))
    lamp = bpy.data.objects.new("lamp", bpy.data.lights.new("lamp", "AREA"))
    lamp.location.z, lamp.data.energy = 1.9, 20.0
    camera = bpy.data.objects.new("camera", bpy.data.cameras.new("camera"))
    camera.location.y, camera.rotation_euler.x = -1.9, 1.5708
    scene = bpy.context.scene
    for thing in (lamp, camera):
        scene.collection.objects.link(thing)
    scene.camera, scene.render.engine = camera, "CYCLES"
    scene.render.resolution_x, scene.render.resolution_y = WIDTH, HEIGHT
    scene.cycles.samples, scene.cycles.max_bounces, scene.cycles.use_denoising = SAMPLES, 4, True
    scene.render.use_persistent_data = True
    return scene


def seconds_a_frame(frames: int = 3) -> float:
    """Median wall seconds of a small denoised frame, after one that warms up."""
    _scene()
    times = []
    for _ in range(frames + 1):
        start = time.perf_counter()
        bpy.ops.render.render()
        times.append(time.perf_counter() - start)
    return sorted(times[1:])[frames // 2]


def main() -> None:
    """Prints the figures."""
    figures = {
        "Blender": bpy.app.version_string,
        "Cycles devices": ", ".join(devices()),
        "seconds per frame": f"{seconds_a_frame():.2f} ({WIDTH}x{HEIGHT}, {SAMPLES} samples, a plain room)",
    }
    sys.stdout.write("".join(f"\n{what}\t{value}\n" for what, value in figures.items()))


if __name__ == "__main__":
    main()
