"""Track ids: the values in the instance map, and what events refer to."""

TRACK_THING = 1
TRACK_HAND_LEFT = 2
TRACK_HAND_RIGHT = 3
TRACK_ARM_LEFT = 4
TRACK_ARM_RIGHT = 5
TRACK_TORSO = 6
TRACK_LEGS = 7
TRACK_MAGAZINE = 8
TRACK_FLASH = 9
TRACK_HOLSTER = 10
TRACK_SLING = 11
TRACK_SPARE = 12
TRACK_SIDEARM = 13
TRACK_SIDEARM_MAGAZINE = 14
TRACK_SURROUNDINGS = 20
TRACKS_PEOPLE = 100
TRACKS_PEOPLE_THINGS = 150
TRACKS_TARGETS = 200
TRACKS_DOORS = 300
TRACKS_CLUTTER = 400
TRACKS_CASINGS = 500
TRACKS_SPARES = 560
"""Track ids are fixed by what a thing is, so that they agree between a clip and its twins."""


THING_TRACKS = (TRACK_THING, TRACK_SIDEARM)
MAGAZINE_TRACKS = (TRACK_MAGAZINE, TRACK_SIDEARM_MAGAZINE)
"""Of the things that are held, by their numbers."""


def spare_track(index: int) -> int:
    """Track of the magazine that a clip's reload number ``index``, from 0, drops."""
    return TRACK_SPARE if index == 0 else TRACKS_SPARES + index
