"""Sheets of paper and where the pieces stand on them. All lengths in millimetres, from the upper left corner."""

from dataclasses import dataclass
from enum import Enum


class Paper(Enum):
    """The two sizes that office printers hold: (width, height)."""

    A4 = (210.0, 297.0)
    LETTER = (215.9, 279.4)

    @property
    def width(self) -> float:
        return self.value[0]

    @property
    def height(self) -> float:
        return self.value[1]


AREA = (196.0, 264.0)
"""What both sizes can print, in the middle of the sheet: 7 mm and more from every edge."""


@dataclass(frozen=True)
class Grid:
    """How a sheet is cut: `columns` by `rows` pieces that fill the area and share their cuts."""

    paper: Paper
    columns: int
    rows: int

    @property
    def pieces(self) -> int:
        return self.columns * self.rows

    @property
    def piece_width(self) -> float:
        return AREA[0] / self.columns

    @property
    def piece_height(self) -> float:
        return AREA[1] / self.rows

    @property
    def left(self) -> float:
        return (self.paper.width - AREA[0]) / 2

    @property
    def top(self) -> float:
        return (self.paper.height - AREA[1]) / 2

    def corner(self, piece: int) -> tuple[float, float]:
        """The upper left corner of a piece, counted row by row."""
        row, column = divmod(piece, self.columns)
        return self.left + column * self.piece_width, self.top + row * self.piece_height

    def sheets(self, number: int) -> list[list[int | None]]:
        """Which slip (from 0) stands at which piece of each sheet; None where a sheet has room left.

        Slips follow each other through the stack, not across the sheet: after the stack is cut, each pile is in order,
        and the piles laid on each other are the whole batch in order.

        >>> Grid(Paper.A4, 2, 1).sheets(5)
        [[0, 3], [1, 4], [2, None]]
        """
        height = -(-number // self.pieces)
        stacked = [[piece * height + sheet for piece in range(self.pieces)] for sheet in range(height)]
        return [[slip if slip < number else None for slip in sheet] for sheet in stacked]
