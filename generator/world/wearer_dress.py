"""The wearer's skin, gloves and clothes as objects that follow the pose."""

from dataclasses import replace

import bpy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from generator.scenario.spec import ClipSpec, Dress
from generator.tracks import TRACK_ARM_LEFT, TRACK_ARM_RIGHT, TRACK_HAND_LEFT, TRACK_HAND_RIGHT, TRACK_LEGS, TRACK_TORSO
from generator.world import garments
from generator.world.attached import attach, on_bone, on_cloth
from generator.world.bodymesh import Skinned, Surface, make_object
from generator.world.canvas import image_from_array
from generator.world.cloth_material import cloth_material, drawn_cloth, weave_image
from generator.world.figure import Figure
from generator.world.gloves import ROUGHNESS, glove_kind, glove_picture, gloves_surface
from generator.world.hand_atlas import Atlas, atlas
from generator.world.hand_skin import below_elbow, decoded, mean_colour, skin_picture
from generator.world.hands import Side
from generator.world.skin import CLOTH, painted_material, skin_colour, toned_material
from generator.world.vest import vest_shape
from generator.world.watch import watch
from generator.world.wearer_clothes import (
    LEG,
    SLEEVE,
    TRUNK,
    belt,
    laces,
    leg_height,
    top_picture,
    top_uv,
    trousers_picture,
    trousers_uv,
    trunk_points,
)
from generator.world.wearer_collar import collar

Mask = NDArray[np.bool_]
Made = list[tuple[Skinned, int]]

_HANDS = (TRACK_HAND_LEFT, TRACK_HAND_RIGHT)
_ARMS = (TRACK_ARM_LEFT, TRACK_ARM_RIGHT)


def dressed(figure: Figure, spec: ClipSpec, rng: np.random.Generator, collection: bpy.types.Collection) -> Made:
    """Everything of the wearer that is drawn, with the track of each object."""
    if spec.wearer.dress.top == "fleece" and spec.wearer.dress.sleeves == "short":  # pushed up: none are sold
        worn = spec.wearer.dress.model_copy(update={"sleeves": "rolled"})
        spec = spec.model_copy(update={"wearer": spec.wearer.model_copy(update={"dress": worn})})
    where = garments.regions(figure)
    sheet = atlas(figure)
    made = _bare(figure, where, spec, sheet, rng, collection)
    gloves = None if spec.wearer.dress.gloves == "none" else gloves_surface(figure, where, spec.wearer.dress)
    if gloves is not None:
        made += _gloved(gloves, where, spec, sheet, rng, collection)
    return made + _clothed(figure, where, gloves, spec, rng, collection)


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
    shown = sheet.showing(surface.cut.base_faces)
    if dress.sleeves != "long":
        shown |= below_elbow(sheet)
    painted = skin_picture(sheet, body, rng, shown)
    picture = image_from_array("skin", painted)
    skin = painted_material("skin", picture, roughness=0.47)
    nail = painted_material("nail", picture, roughness=0.30, specular=0.4)
    hand = where.hand[surface.cut.base_faces[surface.parent]] > 0.5
    slots = garments.nail_faces(surface).astype(int)
    made: Made = []
    if dress.sleeves != "long":
        arm = garments.upper_arm_surface(figure, where)
        tones = np.tile(mean_colour(sheet, painted), (len(arm.rest), 1))
        plain = toned_material("arm", 0.47, specular=0.35)
        for keep, track in zip(_sided(arm, _all(arm), where), _ARMS, strict=True):
            made.append((make_object("arm", arm, keep, [plain], collection, colours=tones), track))
    for faces, tracks, name in ((hand, _HANDS, "hand"), (~hand, _ARMS, "forearm")):
        for keep, track in zip(_sided(surface, faces, where), tracks, strict=True):
            if keep.any():
                made.append((make_object(name, surface, keep, [skin, nail], collection, slots=slots), track))
    return made


def _gloved(
    surface: Surface, where: garments.Regions, spec: ClipSpec, sheet: Atlas, rng: np.random.Generator,
    collection: bpy.types.Collection,
) -> Made:  # fmt: skip
    dress = spec.wearer.dress
    picture = image_from_array("glove", glove_picture(sheet, dress, rng))
    material = painted_material("glove", picture, roughness=ROUGHNESS[glove_kind(dress)], specular=0.3)
    every = np.ones(len(surface.faces), bool)
    return [
        (make_object("glove", surface, keep, [material], collection), track)
        for keep, track in zip(_sided(surface, every, where), _HANDS, strict=True)
    ]


def _clothed(
    figure: Figure, where: garments.Regions, gloves: Surface | None, spec: ClipSpec, rng: np.random.Generator,
    collection: bpy.types.Collection,
) -> Made:  # fmt: skip
    """Top, head, trousers, belt, boots, vest and watch."""
    dress = spec.wearer.dress
    made = _top(figure, where, dress, rng, collection)
    top = made[0][0].surface
    head = garments.head_surface(figure, where)
    tones = np.tile(skin_colour(spec.wearer.body.skin_tone), (len(head.rest), 1))
    face = toned_material("face", 0.5)
    made.append((make_object("head", head, _all(head), [face], collection, colours=tones), TRACK_TORSO))
    made += _below_the_waist(figure, where, dress, top, rng, collection)
    if dress.vest:
        made.append((vest_shape(figure, dress, rng, collection), TRACK_TORSO))
    if dress.watch != "none":
        side: Side = "L" if dress.watch == "left" else "R"
        cover = [top] if gloves is None else [top, gloves]
        skin, bound = garments.wrist_points(figure)
        points = np.concatenate([skin, *(surface.rest for surface in cover)])
        weights = sparse.vstack([bound, *(surface.matrix @ surface.cut.hung for surface in cover)])
        shown = watch(figure, side, points, sparse.csr_matrix(weights), rng, collection)
        made.append((shown, TRACK_ARM_LEFT if side == "L" else TRACK_ARM_RIGHT))
    return made


def _all(surface: Surface) -> Mask:
    return np.ones(len(surface.faces), bool)


def _top(
    figure: Figure, where: garments.Regions, dress: Dress, rng: np.random.Generator, collection: bpy.types.Collection
) -> Made:
    """Sleeves and trunk."""
    end = garments.sleeve_end(dress, rng)
    top = garments.sleeves_surface(figure, where, dress, end, rng)
    on_arm = (where.upper + where.fore + where.hand)[top.cut.base_faces[top.parent]] > 0.5
    top = replace(top, uv=top_uv(figure, top, on_arm))
    painted = top_picture(figure, dress, end, rng)
    picture = image_from_array("top", painted)
    made_of = drawn_cloth(dress.top, rng)
    threads = weave_image(made_of, rng)
    metres = {"sleeve": (2 * SLEEVE, figure.arm_length()), "trunk": (2 * TRUNK[0], TRUNK[1])}
    cloth = {name: cloth_material(name, picture, threads, made_of, size) for name, size in metres.items()}
    made: Made = []
    for keep, track in zip(_sided(top, on_arm, where), _ARMS, strict=True):
        made.append((make_object("sleeve", top, keep, [cloth["sleeve"]], collection), track))
    made.append((make_object("trunk", top, ~on_arm, [cloth["trunk"]], collection), TRACK_TORSO))
    around = collar(
        figure, top, dress, decoded(np.asarray(painted[:, painted.shape[1] // 2 :, :3], np.float32)).mean((0, 1)), rng
    )
    sewn = toned_material("collar", made_of.roughness, grain=900)
    made.append((attach("collar", [around], on_cloth(top, around.vertices), collection, [sewn]), TRACK_TORSO))
    return made


def _below_the_waist(
    figure: Figure, where: garments.Regions, dress: Dress, top: Surface, rng: np.random.Generator,
    collection: bpy.types.Collection,
) -> Made:  # fmt: skip
    """Trousers, belt, boots."""
    others = [name for name in ("black", "navy", "olive", "grey", "sand", "tan") if name != dress.colour]
    name = dress.colour if dress.top == "overall" else str(rng.choice(others))
    trousers = garments.trousers_surface(figure, where, rng)
    trousers = replace(trousers, uv=trousers_uv(figure, trousers))
    picture = image_from_array("trousers", trousers_picture(figure, np.array(CLOTH[name]), rng))
    made_of = drawn_cloth("overall", rng)
    cloth = cloth_material("trousers", picture, weave_image(made_of, rng), made_of, (2 * LEG, leg_height(figure)))
    made: Made = [(make_object("trousers", trousers, _all(trousers), [cloth], collection), TRACK_LEGS)]
    colour = np.array(
        [(0.016, 0.015, 0.014), (0.10, 0.065, 0.035), (0.035, 0.024, 0.017)][int(rng.choice(3, p=[0.6, 0.25, 0.15]))]
    )
    boots = garments.boots_surface(figure, where)
    low = np.clip((0.02 - boots.rest[:, 2]) / 0.012, 0, 1)[:, None]
    tones = (1 - low) * colour * (
        1 + 0.25 * np.sin(boots.rest @ rng.normal(0, 60, (3, 4))).mean(1)[:, None]
    ) + low * 0.013
    leather = toned_material("boots", 0.5, specular=0.4)
    made.append((make_object("boots", boots, _all(boots), [leather], collection, colours=tones), TRACK_LEGS))
    hard = toned_material("buckle", 0.4, specular=0.5)
    tied = laces(boots, colour * 0.6 + 0.01)
    weights = on_cloth(boots, np.concatenate([piece.vertices for piece in tied]))
    made.append((attach("laces", tied, weights, collection, [leather, hard]), TRACK_LEGS))
    if dress.top == "fleece":  # hangs over the belt
        return made
    band = belt(figure, np.concatenate([trunk_points(figure), top.rest, trousers.rest]))
    weights = on_bone(figure, "root", sum(len(piece.vertices) for piece in band))
    made.append((attach("belt", band, weights, collection, [leather, hard]), TRACK_TORSO))
    return made
