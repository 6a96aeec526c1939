"""The wearer's skin, gloves and clothes as objects that follow the pose."""

import bpy
import numpy as np
from numpy.typing import NDArray

from generator.scenario.spec import ClipSpec
from generator.tracks import TRACK_ARM_LEFT, TRACK_ARM_RIGHT, TRACK_HAND_LEFT, TRACK_HAND_RIGHT, TRACK_LEGS, TRACK_TORSO
from generator.world import garments
from generator.world.bodymesh import Skinned, Surface, make_object
from generator.world.canvas import image_from_array
from generator.world.figure import Figure
from generator.world.gloves import ROUGHNESS, glove_kind, glove_picture, gloves_surface
from generator.world.hand_atlas import Atlas, atlas
from generator.world.hand_skin import skin_picture
from generator.world.skin import CLOTH, cloth_material, painted_material, plain_material, skin_colour, skin_material
from generator.world.vest import vest_shape

Mask = NDArray[np.bool_]
Made = list[tuple[Skinned, int]]

_HANDS = (TRACK_HAND_LEFT, TRACK_HAND_RIGHT)
_ARMS = (TRACK_ARM_LEFT, TRACK_ARM_RIGHT)


def dressed(figure: Figure, spec: ClipSpec, rng: np.random.Generator, collection: bpy.types.Collection) -> Made:
    """Everything of the wearer that is drawn, with the track of each object."""
    where = garments.regions(figure)
    sheet = atlas(figure)
    made = _bare(figure, where, spec, sheet, rng, collection)
    if spec.wearer.dress.gloves != "none":
        made += _gloved(figure, where, spec, sheet, rng, collection)
    return made + _clothed(figure, where, spec, rng, collection)


def _sided(surface: Surface, faces: Mask, where: garments.Regions) -> tuple[Mask, Mask]:
    """Left and right of some faces of a surface."""
    right = where.right[surface.cut.base_faces[surface.parent]]
    return faces & ~right, faces & right


def _bare(
    figure: Figure, where: garments.Regions, spec: ClipSpec, sheet: Atlas, rng: np.random.Generator,
    collection: bpy.types.Collection,
) -> Made:  # fmt: skip
    """Skin of hands and forearms, where nothing covers it."""
    dress, body = spec.wearer.dress, spec.wearer.body
    surface = garments.hands_surface(figure, where, dress)
    if not len(surface.faces):
        return []
    picture = image_from_array("skin", skin_picture(sheet, body, rng))
    skin = painted_material("skin", picture, roughness=0.47)
    nail = painted_material("nail", picture, roughness=0.24, specular=0.5)
    hand = where.hand[surface.cut.base_faces[surface.parent]] > 0.5
    slots = garments.nail_faces(surface).astype(int)
    made: Made = []
    for faces, tracks, name in ((hand, _HANDS, "hand"), (~hand, _ARMS, "forearm")):
        for keep, track in zip(_sided(surface, faces, where), tracks, strict=True):
            if keep.any():
                made.append((make_object(name, surface, keep, [skin, nail], collection, slots=slots), track))
    return made


def _gloved(
    figure: Figure, where: garments.Regions, spec: ClipSpec, sheet: Atlas, rng: np.random.Generator,
    collection: bpy.types.Collection,
) -> Made:  # fmt: skip
    dress = spec.wearer.dress
    surface = gloves_surface(figure, where, dress)
    picture = image_from_array("glove", glove_picture(sheet, dress, rng))
    material = painted_material("glove", picture, roughness=ROUGHNESS[glove_kind(dress)], specular=0.3)
    every = np.ones(len(surface.faces), bool)
    return [
        (make_object("glove", surface, keep, [material], collection), track)
        for keep, track in zip(_sided(surface, every, where), _HANDS, strict=True)
    ]


def _clothed(
    figure: Figure, where: garments.Regions, spec: ClipSpec, rng: np.random.Generator, collection: bpy.types.Collection
) -> Made:
    dress = spec.wearer.dress
    top = garments.sleeves_surface(figure, where, dress, rng)
    cloth = cloth_material("top", CLOTH[dress.colour], faded=0.35, grain=500 if dress.top == "fleece" else 900)
    on_arm = (where.upper + where.fore + where.hand)[top.cut.base_faces[top.parent]] > 0.5
    made: Made = []
    for keep, track in zip(_sided(top, on_arm, where), _ARMS, strict=True):
        made.append((make_object("sleeve", top, keep, [cloth], collection), track))
    made.append((make_object("trunk", top, ~on_arm, [cloth], collection), TRACK_TORSO))
    head = garments.head_surface(figure, where)
    tones = np.tile(skin_colour(spec.wearer.body.skin_tone), (len(head.rest), 1))
    every = np.ones(len(head.faces), bool)
    made.append((make_object("head", head, every, [skin_material("face")], collection, colours=tones), TRACK_TORSO))
    dark = CLOTH["black"] if dress.colour in ("sand", "blue") else CLOTH[dress.colour]
    trousers = garments.trousers_surface(figure, where, rng)
    every = np.ones(len(trousers.faces), bool)
    made.append((make_object("trousers", trousers, every, [cloth_material("trousers", dark)], collection), TRACK_LEGS))
    boots = garments.boots_surface(figure, where)
    leather = plain_material("boots", (0.018, 0.016, 0.015), 0.5)
    made.append((make_object("boots", boots, np.ones(len(boots.faces), bool), [leather], collection), TRACK_LEGS))
    if dress.vest:
        made.append((vest_shape(figure, spec, rng, collection), TRACK_TORSO))
    return made
