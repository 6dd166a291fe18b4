"""How a category may look: the glyphs that are drawn for one, and the colours that can be told apart on a map."""

import re
import unicodedata
from collections.abc import Mapping

ICONS: Mapping[str, str] = {
    "road_safety": "Traffic light",
    "street_lighting": "Light bulb",
    "young_people": "Ball",
    "drugs_and_alcohol": "Glass",
    "noise": "Loudspeaker",
    "parks_and_trees": "Tree",
    "waste_and_litter": "Bin",
    "theft_and_break_ins": "Open lock",
    "domestic_abuse": "House",
    "named_suspects": "Person",
    "other": "Exclamation mark",
}
"""Names of the files in `/assets/icons` and of the glyphs in the pin atlas, with what a coordinator reads."""

COLOURS: Mapping[str, str] = {
    "#2F6BDE": "Blue",
    "#D0782A": "Orange",
    "#2AA58E": "Teal",
    "#86124B": "Wine",
    "#4B2A9B": "Violet",
    "#3A4A04": "Olive",
    "#97614F": "Brown",
    "#696D88": "Grey",
}
"""The palette's eight; white stands on each of them."""

KEY_LENGTH = 40


def category_key(name: str) -> str:
    """What names a category in addresses and downloads, from its English name; "" where no letter is left.

    >>> category_key("Dogs & other animals"), category_key("Árboles"), category_key("!!!")
    ('dogs_other_animals', 'arboles', '')
    """
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:KEY_LENGTH].strip("_")
