"""The building blocks: what they say, and that nobody's text becomes markup."""

import re
from fractions import Fraction
from html.parser import HTMLParser

import pytest
from streamlit.testing.v1 import AppTest

from lib.ui import parts
from lib.ui.parts import Column, Markup

SCRIPT = '<script>alert("x")</script>'


class _Reader(HTMLParser):
    """The tags of some markup and its words."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read(markup: str) -> _Reader:
    reader = _Reader()
    reader.feed(markup)
    assert reader.open == []
    return reader


@pytest.mark.parametrize(
    "markup",
    [
        parts.pill("open", SCRIPT, "check"),
        parts.pill("open", "words", SCRIPT),
        parts.keys_row((True, SCRIPT), (False, SCRIPT)),
        parts.key_figure(SCRIPT, SCRIPT),
        parts.stat_line(SCRIPT, SCRIPT),
        parts.meta(SCRIPT),
        parts.steps([SCRIPT], 0),
        parts.named_category(SCRIPT, SCRIPT, SCRIPT).html,
        parts.bar(0.5, SCRIPT),
        parts.table(SCRIPT, [Column(SCRIPT), Column(SCRIPT, is_number=True)], [(SCRIPT, 1)], total=(SCRIPT, None)),
    ],
)
def test_text_from_people_never_becomes_markup(markup: str) -> None:
    assert "script" not in read(markup).tags


def test_a_pill_says_its_state_in_words_and_hides_the_glyph_from_readers() -> None:
    assert parts.pill("open", "Fewer than expected", "trending_down") == (
        '<span class="cb-pill is-open"><span class="cb-icon" aria-hidden="true">trending_down</span>'
        "Fewer than expected</span>"
    )


def test_a_bar_shows_its_share_and_the_threshold_as_lengths() -> None:
    assert parts.bar(Fraction(1, 3), "#2F6BDE", mark=Fraction(1, 2)) == (
        '<div class="cb-track" aria-hidden="true" style="--bar:#2F6BDE;--to:33.3%"><i></i>'
        '<b style="--at:50.0%"></b></div>'
    )


def test_a_bar_stays_within_its_track() -> None:
    assert "--to:100.0%" in parts.bar(1.7)
    assert "--to:0.0%" in parts.bar(-0.2)


def test_a_category_tile_with_a_strange_key_or_colour_falls_back_instead_of_reaching_into_the_style() -> None:
    strange = parts.category_tile("x);background:url(//evil", "red;position:fixed")
    assert strange == parts.category_tile("other", "#46566E")


def test_a_table_names_columns_and_rows_for_a_screen_reader() -> None:
    markup = parts.table(
        "Open concerns",
        [Column("Category"), Column(""), Column("Open", is_number=True)],
        [(Markup("<i>Noise</i>"), None, 1200), ("Waste", "some", 3)],
        total=("All", None, 1203),
        chosen=1,
        hide_caption=True,
    )
    assert markup == (
        '<div class="cb-scroll" role="group" tabindex="0" aria-label="Open concerns">'
        '<table class="cb-table"><caption class="cb-hidden">Open concerns</caption>'
        '<thead><tr><th scope="col">Category</th><td></td><th scope="col" class="num">Open</th></tr></thead><tbody>'
        '<tr><th scope="row"><i>Noise</i></th><td>–</td><td class="num">1,200</td></tr>'
        '<tr class="is-chosen"><th scope="row">Waste</th><td>some</td><td class="num">3</td></tr>'
        '<tr class="is-total"><th scope="row">All</th><td>–</td><td class="num">1,203</td></tr></tbody></table></div>'
    )


def test_a_row_that_does_not_fit_its_table_is_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        parts.table("Two columns", [Column("a"), Column("b")], [("only one",)])


def test_both_keys_say_in_words_whether_they_turned() -> None:
    assert read(parts.keys_row((True, "61 %"), (False, "did not agree"))).words == [
        "Residents ",
        "61 %",
        "Officers ",
        "did not agree",
    ]


def test_steps_mark_the_present_one_for_readers_too() -> None:
    assert parts.steps(["Open", "Closed", "Paper"], 1) == (
        '<ol class="cb-steps"><li class="is-past">Open</li><li class="is-now" aria-current=step>Closed</li>'
        '<li class="">Paper</li></ol>'
    )


@pytest.mark.parametrize(
    ("typed", "escaped"),
    [
        ("**bold** _and_ `code`", r"\*\*bold\*\* \_and\_ \`code\`"),
        ("a title\n===\n# more", r"a title \=\=\= \# more"),
        ("    four spaces", "four spaces"),
        (":red[x] &lt; $x$", r"\:red\[x\] \&lt; \$x\$"),
        (":material/home:", "\\:⁠material/home\\:"),
        ("Café 23rd Avenue", "Café 23rd Avenue"),
    ],
)
def test_markdown_in_a_title_is_shown_as_typed(typed: str, escaped: str) -> None:
    assert parts.plain(typed) == escaped


GITHUB_AUTOLINKS = (
    re.compile(r"(https?://|www(?=\.))([-.\w]+)([^ \t\r\n]*)", re.IGNORECASE),
    re.compile(r"([-.\w+]+)@([-\w]+(?:\.[-\w]+)+)"),
)
"""What `mdast-util-gfm-autolink-literal`, which Streamlit ships, looks for in finished text."""


@pytest.mark.parametrize(
    "typed",
    [
        "See https://evil.example/a?b=c#d now",
        "HTTP://evil.example",
        "_http://evil.example",
        "www.evil.example",
        "(WwW.evil.example)",
        "write to maya@police.example",
        "mailto:maya@police.example",
        "https://maya@www.evil.example/www.evil.example",
    ],
)
def test_no_address_in_a_title_becomes_a_link_and_it_reads_as_typed(typed: str) -> None:
    finished = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", parts.plain(typed))
    assert [rule.findall(finished) for rule in GITHUB_AUTOLINKS] == [[], []]
    assert any(rule.search(typed) for rule in GITHUB_AUTOLINKS)
    assert finished.replace("\u2060", "") == typed


def _page() -> None:
    import streamlit as st

    from lib.ui import parts

    parts.page_title("Concerns *here*", "A <b>sentence</b>", action=("Vote on a phone", "/join"), glyph="smartphone")
    with parts.card("first"):
        st.header("In a card")
        parts.empty_state("Nothing yet", "It will come.", action=("Raise one", "/report"))


def test_a_page_begins_with_its_one_title() -> None:
    page = AppTest.from_function(_page).run()
    assert not page.exception
    assert [title.value for title in page.title] == [r"Concerns \*here\*"]
    assert [header.value for header in page.header] == ["In a card"]
    html = " ".join(each.proto.body for each in page.get("html"))
    assert "A &lt;b&gt;sentence&lt;/b&gt;" in html
    assert "<b>Nothing yet</b><p>It will come.</p>" in html
    links = [each.proto for each in page.get("link_button")]
    assert [(link.label, link.url) for link in links] == [("Vote on a phone", "/join"), ("Raise one", "/report")]
