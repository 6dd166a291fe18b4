"""Drawing where a measure counts: cells clicked on the map or written down, or a pasted polygon; and what lies inside,
on the map and as a table."""

import json

import streamlit as st

from lib.errors import Invalid
from lib.queries.goal_story import GoalStory
from lib.queries.places import BeatRow
from lib.rules.geography import cell_centre, metres_between
from lib.rules.outlines import street_cells, typed_outline
from lib.rules.text import counted
from lib.settings import settings
from lib.ui import area_reads, maps, reads
from lib.ui.beat_svg import beat_svg
from lib.ui.parts import Column, plain, table

MOST_OFFERED = 2000
"""So many cells a map offers at most; a larger beat is written down."""


def written_area(story: GoalStory) -> str:
    """What stands in the field: cells, or a polygon as GeoJSON."""
    return str(st.session_state.get(_key(story), ""))


def drawn_area_choice(story: GoalStory) -> None:
    """The field with the cells or the polygon, and the map whose cells can be clicked instead of written."""
    st.text_area(
        "Cells of the map, or one polygon as GeoJSON",
        key=_key(story),
        height=110,
        placeholder="8a28d542c987fff 8a28d542c98ffff",
        help="Cells are those of the public map (h3, resolution 8 to 10), separated by spaces or lines. A polygon is "
        "pasted from any map program: longitude first.",
    )
    for beat in story.card.beats:
        _map(story, beat)


def what_lies_inside(story: GoalStory, outline: str, category: str) -> None:
    """The area as a picture, and its cells as a table, with how much of what is recorded lies in each."""
    beat_ids, today = tuple(beat.id for beat in story.card.beats), reads.today()
    cells = street_cells(outline, settings().street_cell_resolution)
    told = f"Counted by cells of the public map, never finer: {counted(len(cells), 'cell')} with the centre inside."
    found = area_reads.inside_in_a_year(outline, category, beat_ids, today) if category else {}
    if category:
        total = counted(sum(found.values()), "incident")
        told += (
            f" {total} of this kind inside in the last twelve months. The rest of the beat is watched too, to see "
            "whether trouble only moved."
        )
    st.caption(plain(told))
    with st.expander("The area on the map and as a table", icon=":material/map:"):
        drawn, listed = st.columns([1, 1.4], gap="small")
        picture = beat_svg(
            beats=reads.drawn_beats(today),
            selected=tuple(beat.code for beat in story.card.beats),
            parks=reads.drawn_features("park"),
            drawn_area=json.loads(outline),
            width=360,
            height=360,
            title="The drawn area",
        )
        drawn.image(picture, alt=f"Map of the drawn area. {told}", width="stretch")
        places = area_reads.named_places(beat_ids, today)
        columns = [Column("Cell"), Column("Incidents, twelve months", is_number=True)]
        if places:
            columns.insert(1, Column("Nearest place"))
        rows = []
        for cell in cells:
            centre = cell_centre(cell)
            near = [min(places, key=lambda place: metres_between(place.point, centre)).name] if places else []
            rows.append((cell, *near, found.get(cell, 0) if category else ""))
        listed.html(table("Cells of the area", columns, rows, hide_caption=True))


def _map(story: GoalStory, beat: BeatRow) -> None:
    """A map of one beat; a click puts a cell in, another one takes it out."""
    outlines, resolution = reads.drawn_beats(reads.today()), settings().street_cell_resolution
    cells = maps.cells_in(outlines, beat.code, resolution)
    if not cells or len(cells) > MOST_OFFERED:
        return
    height = 360
    maps.clicked_place(
        maps.cell_map(
            beats=outlines,
            selected=beat.code,
            cells=cells,
            chosen=_chosen(written_area(story)),
            view=maps.view_of(outlines, beat.code, width=360 if maps.is_phone() else 560, height=height),
            around=maps.drawn_around(),
        ),
        alt=f"Map of {beat.label} whose cells can be clicked. Instead, cells can be written into the field above it.",
        key=f"measure_map_{story.card.id}_{beat.code}",
        height=height,
        on_pick=lambda cell: _toggle(story, cell),
    )


def _toggle(story: GoalStory, cell: str) -> None:
    chosen = _chosen(written_area(story))
    st.session_state[_key(story)] = " ".join(sorted(set(chosen) ^ {cell}))


def _chosen(text: str) -> list[str]:
    """The street cells of what stands in the field; single cells also while they do not touch yet."""
    resolution = settings().street_cell_resolution
    try:
        outline = typed_outline(text)
    except Invalid:
        return [] if text.lstrip().startswith(("{", "[")) else text.split()
    return street_cells(outline, resolution) if outline else []


def _key(story: GoalStory) -> str:
    return f"measure_area_{story.card.id}"
