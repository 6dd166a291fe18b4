"""Whole sheets of running text: nothing is cut."""

from lib.printing.paper import Grid, Paper
from lib.printing.sheet import Sheet


class Pages(Sheet):
    """A PDF whose every page is one piece, without cut marks."""

    def __init__(self, paper: Paper, title: str) -> None:
        super().__init__(Grid(paper, 1, 1), title)

    def _cut_marks(self) -> None:
        """None."""
