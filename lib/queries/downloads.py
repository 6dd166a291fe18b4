"""The download of a published round: one zip with all that a recount needs, the same bytes for everybody.

A published round never changes, so a process keeps the zips it made last.
"""

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any
from uuid import UUID

from sqlalchemy import select

from lib.errors import NotFound
from lib.model import Candidate, CandidateText, Outcome, Round, SealedBallot, SideCount
from lib.queries.batches import round_batches
from lib.queries.counts import keeps_officers_ballots
from lib.queries.log import published_link
from lib.queries.reconciling import reconciliation
from lib.queries.results import NOT_PUBLISHED, ballots_csv, round_result
from lib.queries.voting import RoundRow, voting_round
from lib.rules.counting import Count, not_blank
from lib.rules.lifecycle import Electorate, RoundState
from lib.rules.voting import RoundMode
from lib.storage.engine import engine
from lib.storage.transaction import reading

FOLDER = Path(__file__).resolve().parent / "download"
"""What goes into every zip as it is: the script, and the text that explains the files."""

ZIPS_KEPT = 4
"""How many zips a process keeps: 200,000 ballots make one of about 7 MB."""

EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The first time that a zip can hold. Every file carries it, so that the bytes depend on the content only."""


@dataclass(frozen=True)
class Download:
    """The zip of one round and its SHA-256 in hex; `hashes` are those of the files in it, by name."""

    content: bytes
    sha256: str
    hashes: Mapping[str, str]

    def file(self, name: str) -> bytes:
        """One file out of the zip. Raises NotFound."""
        if name not in self.hashes:
            raise NotFound("There is no such file in the download of this vote.")
        with zipfile.ZipFile(io.BytesIO(self.content)) as archive:
            return archive.read(name)


def round_download(round_uuid: UUID) -> Download:
    """The download of a published round. One statement, and twelve more when it is first made. Raises NotFound."""
    with reading() as db:
        row = db.execute(
            select(Round.state, Round.frozen_hash, Round.published_at).where(Round.uuid == round_uuid)
        ).first()
    if row is None or row.state is not RoundState.PUBLISHED:
        raise NotFound(NOT_PUBLISHED)
    # One at a time: a room that opens the page at once waits for one zip instead of making it a hundred times.
    with _making:
        return _download(str(engine().url), round_uuid, row.frozen_hash, row.published_at)


_making = Lock()


@lru_cache(maxsize=ZIPS_KEPT)
def _download(_database: str, round_uuid: UUID, _frozen_hash: str, _published_at: object) -> Download:
    files = _files(voting_round(round_uuid))
    hashes = {name: sha256(content).hexdigest() for name, content in files.items()}
    sums = "".join(f"{hashes[name]}  {name}\n" for name in sorted(files)).encode()
    packed = zipped(files | {"SHA256SUMS": sums})
    return Download(packed, sha256(packed).hexdigest(), hashes | {"SHA256SUMS": sha256(sums).hexdigest()})


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Files by name as a zip; the same bytes for the same files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, EARLIEST)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(entry, files[name])
    return packed.getvalue()


def _files(row: RoundRow) -> dict[str, bytes]:
    with reading() as db:
        frozen = (db.scalar(select(Round.frozen).where(Round.id == row.id)) or "").encode()
        question = select(SealedBallot.tracker, SealedBallot.side, SealedBallot.choices)
        kept = db.execute(question.where(SealedBallot.round_id == row.id))
        sealed = sorted((ballot.tracker, ballot.side, ballot.choices) for ballot in kept)
    ballots = ballots_csv(sealed)
    hashes = {"frozen.json": sha256(frozen).hexdigest(), "ballots.csv": sha256(ballots).hexdigest()}
    return {
        "ballots.csv": ballots,
        "ballots.json": _ballots_json(row.uuid, sealed),
        "frozen.json": frozen,
        "result.json": _readable(published_result(row, hashes)),
        "recount.py": (FOLDER / "recount.py").read_bytes(),
        "README.txt": (FOLDER / "README.txt").read_bytes(),
    }


def published_result(row: RoundRow, hashes: Mapping[str, str]) -> dict[str, Any]:
    """What was written down at sealing, not what is counted now: `recount.py` compares the two. Nine statements.

    `counted` is what a recount must reach. `witnessed` is all that is known of an officers' side without published
    ballots, else None. `hashes`: SHA-256 of the frozen rule and of the ballots, by file.
    """
    with reading() as db:
        outcomes = db.execute(
            select(
                Candidate.goal_uuid,
                CandidateText.title,
                Outcome.outcome,
                Outcome.place,
                Outcome.residents_key,
                Outcome.officers_key,
                Outcome.residents_approvals,
                Outcome.officers_approvals,
            )
            .join(Candidate, Candidate.id == Outcome.candidate_id)
            .join(CandidateText, CandidateText.candidate_id == Candidate.id)
            .where(Outcome.round_id == row.id, CandidateText.language == "en")
            .order_by(Candidate.position)
        ).all()
        sides = {side.side: side for side in db.scalars(select(SideCount).where(SideCount.round_id == row.id))}
    passes = {
        side.side.value: {
            "issued": side.issued,
            "left": side.left,
            "left_at_the_door": side.door_left,
            "shown_at_the_door": side.door_shown,
            "spoiled": side.spoiled,
            "drawn": side.drawn,
            "cast": side.cast,
            "drawn_but_not_cast": side.not_cast,
            "paper_slips": side.paper_slips,
            "paper_ballots": side.paper_ballots,
            "channels": sides[side.side].channels if side.side in sides else {},
        }
        for side in reconciliation(row.id)
    }
    cast = {side.value: sides[side].cast_ballots if side in sides else 0 for side in Electorate}
    blank: dict[str, int | None] = {
        side.value: sides[side].blank_ballots if side in sides else 0 for side in Electorate
    }
    officers = Electorate.OFFICERS.value
    seen = Count(cast[officers], blank[officers] or 0)
    if not keeps_officers_ballots(row):
        blank[officers] = None
    witnessed = {
        "cast": cast[officers],
        "not_blank": not_blank(seen),
        "keys_turned": sorted(str(line.goal_uuid) for line in outcomes if line.officers_key),
    }
    adopts = row.mode is RoundMode.MEETING and not row.is_advisory
    link = published_link(row.uuid)
    return {
        "format": "common-beat result 1",
        "round": str(row.uuid),
        "question": row.question,
        "mode": row.mode.value,
        "rule": row.rule.value,
        "rule_sentence": row.rule_sentence,
        "places": row.places,
        "thresholds": {"residents": str(row.residents_threshold), "officers": str(row.officers_threshold)},
        "officers_figures": row.officers_figures.value,
        "sha256": dict(hashes),
        "tie_seed": row.tie_seed,
        "goals": {str(line.goal_uuid): line.title for line in outcomes},
        "passes": passes,
        "log": {"position": link[0], "digest": link[1]} if link else None,
        "batches": [
            {
                "number": batch.number,
                "side": batch.side.value,
                "kind": batch.kind.value,
                "size": batch.size,
                "commitments_hash": batch.commitments_hash,
                "is_late": batch.is_late,
            }
            for batch in round_batches(row)
        ],
        "witnessed": None if keeps_officers_ballots(row) else witnessed,
        "counted": {
            "ballots": cast,
            "blank ballots": blank,
            "advisory": row.is_advisory,
            "dice decided": bool(row.tie_seed),
            "ranking": [] if adopts else [str(goal) for goal in round_result(row.uuid).tally.ranking],
            "outcomes": [
                {
                    "goal": str(line.goal_uuid),
                    "outcome": line.outcome,
                    "place": line.place,
                    "residents_key": line.residents_key,
                    "officers_key": line.officers_key,
                    "residents_approvals": line.residents_approvals,
                    "officers_approvals": line.officers_approvals,
                }
                for line in outcomes
            ],
        },
    }


def _ballots_json(round_uuid: UUID, ballots: Iterable[tuple[str, Electorate, str]]) -> bytes:
    """The ballots of `ballots.csv` as JSON, one a line; their choices are stored as JSON already."""
    between = ",\n"
    lines = (
        f'{{"tracker":"{tracker}","side":"{side.value}","choices":{choices}}}' for tracker, side, choices in ballots
    )
    return f'{{"round":"{round_uuid}","ballots":[\n{between.join(lines)}\n]}}\n'.encode()


def _readable(content: object) -> bytes:
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()
