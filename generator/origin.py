"""Every file says that it is synthetic."""

from typing import Any

from generator import __version__

DIGITAL_SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCreation"
"""IPTC NewsCodes, digital source type: created by a human with non-generative tools."""

NOTICE = "Synthetic: rendered training exercise with role-players and training props. No real person, place or event."


def origin() -> dict[str, Any]:
    """The statement that JSON files carry."""
    return {
        "synthetic": True,
        "digital_source_type": DIGITAL_SOURCE_TYPE,
        "notice": NOTICE,
        "software": f"bodyworn {__version__}",
    }
