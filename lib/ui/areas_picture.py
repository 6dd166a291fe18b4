"""Where a counted measure counts, and the beats beside it: a small map, and the same in words."""

import json
from datetime import date

import streamlit as st

from lib.queries.evidence import MeasureProgress
from lib.queries.measure_areas import beats_in_words
from lib.ui import reads
from lib.ui.beat_svg import beat_svg

OWN, NEIGHBOUR, COMPARISON = "#A0CDF4", "#FBE3C0", "#C9B8EE"


def areas_part(progress: MeasureProgress) -> None:
    """A map that opens on demand: the goal's beats, its neighbours, the beats compared with; nothing where none is."""
    measure = progress.measure
    if not (progress.comparison or progress.neighbours or measure.outline):
        return
    own = tuple(beat.code for beat in reads.beats() if beat.id in measure.beat_ids)
    said = areas_in_words(own, progress)
    with st.expander("Where it is counted, and what it is compared with", icon=":material/map:"):
        drawn, told = st.columns([1, 1.6], gap="small")
        with drawn:
            picture = _picture(own, progress.neighbours, progress.comparison, measure.outline, reads.today())
            st.image(picture, alt=f"Map. {' '.join(said)}", width="stretch")
        with told:
            for sentence in said:
                st.text(sentence)


def areas_in_words(own: tuple[str, ...], progress: MeasureProgress) -> list[str]:
    """What the map shows, a sentence for each kind of area."""
    inside = "inside the dashed line " if progress.measure.outline else ""
    said = [f"Counted {inside}in {beats_in_words('beat', own)} (blue)."]
    if progress.comparison:
        compared = beats_in_words("beat", progress.comparison)
        said.append(f"Compared with {compared} (violet), chosen before the goal began.")
    if progress.neighbours:
        said.append(f"Trouble might move to {beats_in_words('beat', progress.neighbours)} (sand), next to it.")
    return said


@st.cache_data(ttl=300, show_spinner=False)
def _picture(
    own: tuple[str, ...], neighbours: tuple[str, ...], comparison: tuple[str, ...], outline: str, today: date
) -> str:
    # A drawn area is seen close by; else the beats compared with may lie anywhere in the city.
    fills = dict.fromkeys(comparison, COMPARISON) | dict.fromkeys(neighbours, NEIGHBOUR) | dict.fromkeys(own, OWN)
    return beat_svg(
        beats=reads.drawn_beats(today),
        selected=own if outline else (),
        parks=reads.drawn_features("park"),
        fills=fills,
        drawn_area=json.loads(outline) if outline else None,
        width=400,
        height=400 if outline else 560,
        title="Where it is counted",
    )
