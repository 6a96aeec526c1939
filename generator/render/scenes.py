"""The two Blender scenes over one stage: pictures, and the separate exact label render (docs/DESIGN.md, section 6)."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import bpy

from generator.render.profile import Profile
from generator.world.actor import Part
from generator.world.stage import Stage

LABEL_FILTER = 0.01
"""Width of the label render's box filter in pixels: labels are taken at pixel centres."""

OWN = ("own_0", "own_2")
TO_NEXT = ("next_0", "next_1", "next_2")
TO_PREVIOUS = ("prev_0", "prev_1", "prev_2")
MOVEMENTS = (*OWN, *TO_NEXT, *TO_PREVIOUS)
"""Attributes and passes: where a deforming surface's point goes from the middle of the read-out, world space: to the start (0)
and the end (2) of it, and to start, middle and end of the next and the previous frame's."""

NORMAL = "surface_normal"
"""Pass: the surface's normal, world space. Blender's own Normal pass holds the relief that materials paint (bump) as well."""

METER_SAMPLES, METER_BOUNCES = 6, 4


def picture_scene(stage: Stage, width: int, height: int) -> bpy.types.Scene:
    """The scene that radiance is rendered from, without a quality yet."""
    scene = _scene("picture", stage, width, height)
    scene.collection.children.link(stage.pictured)
    scene.world = stage.world
    cycles = scene.cycles
    cycles.use_adaptive_sampling = False
    cycles.caustics_reflective = cycles.caustics_refractive = False
    cycles.sample_clamp_indirect = 20.0
    cycles.use_light_tree = True
    scene.render.image_settings.file_format = "OPEN_EXR"
    scene.render.image_settings.color_depth = "32"
    scene.render.image_settings.exr_codec = "NONE"
    return scene


def set_quality(scene: bpy.types.Scene, profile: Profile) -> None:
    """Samples, bounces and denoiser of a picture scene."""
    cycles = scene.cycles
    cycles.samples = profile.samples
    _bounces(cycles, profile.bounces)
    cycles.use_denoising = profile.denoise
    if profile.denoise:
        cycles.denoiser = "OPENIMAGEDENOISE"
        cycles.denoising_input_passes = "RGB_ALBEDO_NORMAL"
        # Two samples leave albedo and normals ragged at silhouettes, and what they guide with them; 7 % of a frame's time.
        cycles.denoising_prefilter = "FAST"
        cycles.denoising_quality = "FAST"


def set_metering(scene: bpy.types.Scene) -> None:
    """The same for every quality, so that exposures are too."""
    scene.cycles.samples = METER_SAMPLES
    _bounces(scene.cycles, METER_BOUNCES)
    scene.cycles.use_denoising = False
    scene.cycles.seed = 0


def _bounces(cycles: Any, bounces: int) -> None:
    cycles.max_bounces = cycles.diffuse_bounces = cycles.glossy_bounces = bounces
    cycles.transmission_bounces = cycles.transparent_max_bounces = min(bounces, 4)
    cycles.volume_bounces = 0


def label_scene(stage: Stage, width: int, height: int) -> bpy.types.Scene:
    """The scene that ground truth is rendered from: one sample at pixel centres, no light.

    Every part gets an object index of its own (its place in ``stage.parts``, from 1); 0 is sky.
    """
    scene = _scene("labels", stage, width, height)
    bare = bpy.data.collections.new("label camera")
    bare.objects.link(stage.camera)
    scene.collection.children.link(bare)
    cycles = scene.cycles
    cycles.samples, cycles.seed = 1, 0
    cycles.use_adaptive_sampling = cycles.use_denoising = False
    _bounces(cycles, 0)
    cycles.pixel_filter_type, cycles.filter_width = "BOX", LABEL_FILTER
    layer = scene.view_layers[0]
    layer.use_pass_combined = False
    layer.use_pass_position = layer.use_pass_object_index = True
    for name in (NORMAL, *MOVEMENTS):
        aov = layer.aovs.add()
        aov.name, aov.type = name, "COLOR"
    for number, part in enumerate(stage.parts, 1):
        part.object.pass_index = number
    _add_aovs(stage)
    scene.render.image_settings.file_format = "OPEN_EXR_MULTILAYER"
    scene.render.image_settings.color_depth = "32"
    scene.render.image_settings.exr_codec = "NONE"
    return scene


def _add_aovs(stage: Stage) -> None:
    """AOV nodes in the materials; a material override would throw the BVH away.

    Normals are of every part, movements of the deforming ones.
    """
    for material in _materials(part for part in stage.parts if part.in_labels):
        source = material.node_tree.nodes.new("ShaderNodeNewGeometry")
        _add_aov(material, NORMAL, source.outputs["Normal"])
    for material in _materials(part for part in stage.parts if part.deforming):
        for name in MOVEMENTS:
            source = material.node_tree.nodes.new("ShaderNodeAttribute")
            source.attribute_name = name
            _add_aov(material, name, source.outputs["Vector"])
    for part in stage.parts:
        if part.deforming:
            for name in MOVEMENTS:
                part.object.data.attributes.new(name, "FLOAT_VECTOR", "POINT")


def _materials(parts: Iterable[Part]) -> list[bpy.types.Material]:
    """Materials of parts, by name."""
    found = {slot.material for part in parts for slot in part.object.material_slots}
    return sorted((material for material in found if material is not None), key=lambda material: material.name)


def _add_aov(material: bpy.types.Material, name: str, value: bpy.types.NodeSocket) -> None:
    sink = material.node_tree.nodes.new("ShaderNodeOutputAOV")
    sink.aov_name = name
    material.node_tree.links.new(value, sink.inputs["Color"])


def _scene(name: str, stage: Stage, width: int, height: int) -> bpy.types.Scene:
    scene = bpy.data.scenes.new(name)
    scene.collection.children.link(stage.collection)
    scene.camera = stage.camera
    render = scene.render
    render.engine = "CYCLES"
    scene.cycles.device = "CPU"
    render.resolution_x, render.resolution_y, render.resolution_percentage = width, height, 100
    render.use_persistent_data = True
    render.use_compositing = render.use_sequencer = False
    # Rows are read one after the other, and moving things smear, from instants that ``generator.render.motion`` puts in place.
    render.use_motion_blur = True
    render.motion_blur_position = "CENTER"
    render.use_file_extension = False
    render.use_stamp = False
    scene.view_settings.view_transform = "Raw"
    return scene


@contextmanager
def quiet() -> Iterator[None]:
    """Blender's own lines go nowhere: they come from C and would break the progress bar."""
    sys.stdout.flush()
    kept = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def render_to(scene: bpy.types.Scene, path: Path) -> None:
    """Renders a scene into a file."""
    scene.render.filepath = str(path)
    with quiet():
        bpy.ops.render.render(write_still=True, scene=scene.name)
