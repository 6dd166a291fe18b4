"""What identifies a row of a city's file, so that importing it again adds nothing and loses nothing.

Its own id where the file has one and it is not empty; else the hash of the row and its nth occurrence in the file,
since real files hold identical rows that are different events (two victims of one case; a month's anti-social behaviour
on one street, published without ids).
"""

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from lib.importers.columns import CASE_ID, ROW_ID, plain

_LONGEST = 100
"""Ids longer than this are hashed, to fit the column that stores them."""

_API_ID = "id"
"""Column of the data.police.uk API beside `persistent_id`: "not guaranteed to always stay the same for each crime"."""


@dataclass(frozen=True)
class Keys:
    """`key` per row; `is_repeat` marks rows that repeat the id of an earlier row of the file."""

    key: pd.Series
    is_repeat: NDArray[np.bool_]


def row_keys(frame: pd.DataFrame, found: dict[str, str]) -> Keys:
    """Keys for all rows of a file. `found` says which columns hold ids (`columns.ROW_ID`, `columns.CASE_ID`).

    A row id names one event: a later row with the same id is a repeat. A case id may hold several offences (eight pairs
    in 374 real crimes): rows under it that differ are told apart by number, one that agrees in everything is a repeat.
    """
    case_column, id_column = found.get(CASE_ID), found.get(ROW_ID)
    if case_column is not None and (id_column is None or plain(id_column) == _API_ID):
        return _by_case(frame, case_column, id_column)
    if id_column is not None:
        own = frame[id_column].str.strip()
        return _by_id(frame, own, own.duplicated().to_numpy(dtype=bool))
    return Keys(_numbered("row:" + _digests(frame)), np.zeros(len(frame), dtype=bool))


def _by_case(frame: pd.DataFrame, case_column: str, api_id: str | None) -> Keys:
    own = frame[case_column].str.strip()
    shared = own.duplicated(keep=False).to_numpy(dtype=bool) & (own != "").to_numpy(dtype=bool)
    is_repeat = np.zeros(len(frame), dtype=bool)
    if shared.any():
        is_repeat[shared] = frame.loc[shared].duplicated().to_numpy(dtype=bool)
        different = shared & ~is_repeat
        own.loc[different] = _numbered(own[different])
    # The row's hash leaves the API's id out: it may change from one download to the next.
    return _by_id(frame.drop(columns=[api_id] if api_id else []), own, is_repeat)


def _by_id(frame: pd.DataFrame, own: pd.Series, is_repeat: NDArray[np.bool_]) -> Keys:
    empty = (own == "").to_numpy(dtype=bool)
    is_repeat = is_repeat & ~empty
    long = (own.str.len() > _LONGEST).to_numpy(dtype=bool)
    if long.any():
        own.loc[long] = ["id:" + _hash(value.encode()) for value in own[long]]
    if empty.any():
        own.loc[empty] = _numbered("row:" + _digests(frame.loc[empty]))
    return Keys(own, is_repeat)


def _digests(frame: pd.DataFrame) -> pd.Series:
    """A hash of each row over its values as text, in the order of the columns."""
    columns = [pa.array(frame[name], type=pa.large_string(), from_pandas=True).fill_null("") for name in frame.columns]
    joined = pc.binary_join_element_wise(*columns, pa.scalar("\x1f", pa.large_string()))
    return pd.Series([_hash(row) for row in joined.cast(pa.large_binary()).to_pylist()], index=frame.index, dtype="str")


def _hash(row: bytes) -> str:
    return blake2b(row, digest_size=16).hexdigest()


def _numbered(keys: pd.Series) -> pd.Series:
    """The nth occurrence of a key, from the second on, gets "#n"."""
    again = keys.duplicated(keep=False)
    if not again.any():
        return keys
    nth = keys[again].groupby(keys[again]).cumcount() + 1
    later = nth[nth > 1]
    numbered = keys.copy()
    numbered.loc[later.index] = keys.loc[later.index] + "#" + later.astype("str")
    return numbered
