"""The plain result pages, their downloads, and the list of ballots."""

import csv
import io
import json
import re
import zipfile
from hashlib import sha256

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from lib.model import SealedBallot
from lib.queries import published_ballots
from lib.queries.contested import owed_answers
from lib.queries.voting import voting_round
from lib.rules.ballots import frozen_hash, printed_token
from lib.rules.lifecycle import Electorate
from lib.rules.months import day_in_words
from lib.rules.voting import SideFigures
from lib.services.contested import answer_contested
from lib.services.counting import count_round
from lib.services.publishing import set_aside_round
from lib.services.rounds import close_round
from lib.storage.transaction import reading
from lib.web.result_words import result_in_words
from tests.builders import a_person
from tests.hall import a_hall
from tests.published import Published, a_published_round, a_round, ballots_of, files_of, some_goals
from tests.web.shown import shown
from tests.web.test_ballot import finish

OFFICERS = Electorate.OFFICERS
NAMES = ["ballots.csv", "ballots.json", "frozen.json", "result.json", "recount.py", "README.txt", "SHA256SUMS"]


def test_the_result_says_in_words_and_figures_what_was_decided(database: str, phone: TestClient) -> None:
    hall = a_hall()
    row = hall.opened()
    for voter in range(10):
        hall.votes(row, voter, 0, *([1] if voter < 6 else []))
    for officer in range(4):
        hall.votes(row, officer, 0, side=OFFICERS)
    finish(hall, row)
    page = phone.get(f"/results/{row.uuid}")
    assert page.status_code == 200
    said = shown_text(page.text)
    assert "1 goal adopted for 1 place, 1 contested." in said
    assert "Adopted: Light the path on 23rd Avenue. Contested: Slow the cars at the school." in said
    assert "at least 1/2 of their ballots: 5" in said
    assert "10 of 10 ballots (100 %)" in said
    assert "Contested: residents carried it (6 of 10 ballots), officers did not." in said
    assert "A goal needs at least half of the residents’ ballots and at least half of the officers’ ballots" in said
    assert "The officers’ side is sealed: only its keys are shown." in said
    assert "reached the same result" in said


def test_of_a_sealed_side_only_its_keys_are_shown(sqlite_database: str, phone: TestClient) -> None:
    said = shown_text(phone.get(f"/results/{a_round('sealed officers').uuid}").text)
    officers = re.findall(r"Officers (Key (?:not )?turned) (?!\d)", said)
    assert officers == ["Key turned", "Key turned", "Key not turned"]
    agreed = a_round("officers agreed to show")
    said = shown_text(phone.get(f"/results/{agreed.uuid}").text)
    assert "Officers Key turned 3 of 3 ballots (100 %)" in said


def test_passes_and_ballots_of_each_side_stand_beside_each_other(sqlite_database: str, phone: TestClient) -> None:
    page = phone.get(f"/results/{a_round('sealed officers').uuid}").text
    rows = re.findall(r'<tr><th scope="row">(.*?)</th><td class="number">(.*?)</td><td class="number">(.*?)</td>', page)
    assert rows == [
        ("Passes issued", "16", "11"),
        ("Left over", "5", "5"),
        ("Drawn", "11", "6"),
        ("Spoiled", "1", "1"),
        ("Ballots cast", "9", "4"),
        ("Blank ballots", "1", "not shown"),
        ("By phone", "9", "4"),
        ("Drawn but not cast", "2", "2"),
    ]


def test_dice_are_told_with_the_fingerprint_of_the_ballots(sqlite_database: str, phone: TestClient) -> None:
    voted = a_round("dice")
    page = phone.get(f"/results/{voted.uuid}").text
    ballots = phone.get(f"/results/{voted.uuid}/ballots.csv").content
    assert "4-1-6" in page and sha256(ballots).hexdigest()[:12] in page
    assert "read out before the dice were rolled" in page
    assert "Dice" not in phone.get(f"/results/{a_round('sealed officers').uuid}").text


def test_an_advisory_result_says_that_nothing_is_adopted(database: str, phone: TestClient) -> None:
    said = shown_text(phone.get(f"/results/{a_round('two officers').uuid}").text)
    assert "Advice only." in said and "nothing is adopted" in said
    assert "Key turned" not in said
    assert "nothing is shown per goal for them" in said


def test_an_open_room_is_labelled_so(sqlite_database: str, phone: TestClient) -> None:
    voted = a_round("open room")
    said = shown_text(phone.get(f"/results/{voted.uuid}").text)
    assert f"Open room. {result_in_words(voted.tally)}" in said
    assert "it adopts none of them" in said


def test_the_zip_holds_all_that_a_recount_needs(database: str, phone: TestClient) -> None:
    voted = a_round("officers agreed to show")
    answer = phone.get(f"/results/{voted.uuid}/ballots.zip")
    files = files_of(answer.content)
    assert sorted(files) == sorted(NAMES)
    assert frozen_hash(json.loads(files["frozen.json"])) == voting_round(voted.uuid).frozen_hash
    rows = list(csv.DictReader(io.StringIO(files["ballots.csv"].decode())))
    assert [row["tracker"] for row in rows] == sorted(row["tracker"] for row in rows)
    assert json.loads(files["ballots.json"]) == {
        "round": str(voted.uuid),
        "ballots": [row | {"choices": row["choices"].split()} for row in rows],
    }
    assert files["SHA256SUMS"].decode().splitlines() == [
        f"{sha256(files[name]).hexdigest()}  {name}" for name in sorted(set(NAMES) - {"SHA256SUMS"})
    ]


def test_the_zip_has_the_same_bytes_for_everybody_and_its_fingerprint_on_the_page(
    database: str, phone: TestClient
) -> None:
    from lib.queries.downloads import _download

    voted = a_round("dice")
    first = phone.get(f"/results/{voted.uuid}/ballots.zip").content
    _download.cache_clear()
    assert phone.get(f"/results/{voted.uuid}/ballots.zip").content == first
    fingerprint = sha256(first).hexdigest()
    assert phone.get(f"/results/{voted.uuid}/ballots.zip.sha256").text == f"{fingerprint}  ballots.zip\n"
    assert fingerprint in phone.get(f"/results/{voted.uuid}").text
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_every_file_can_be_had_by_itself(sqlite_database: str, phone: TestClient) -> None:
    voted = a_round("sealed officers")
    files = files_of(phone.get(f"/results/{voted.uuid}/ballots.zip").content)
    page = phone.get(f"/results/{voted.uuid}").text
    for name in NAMES:
        answer = phone.get(f"/results/{voted.uuid}/{name}")
        assert answer.content == files[name]
        assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
        assert sha256(files[name]).hexdigest() in page
    assert phone.get(f"/results/{voted.uuid}/rule.json").content == files["frozen.json"]


@pytest.mark.parametrize("address", ["nonsense", "00000000-0000-4000-8000-000000000000", "%3Cscript%3E"])
def test_a_vote_that_does_not_exist_is_a_sentence_and_404(database: str, phone: TestClient, address: str) -> None:
    a_hall()
    for file in ("", "/ballots", "/ballots/AB", "/ballots.zip", "/ballots.zip.sha256", "/rule.json", "/result.json"):
        assert phone.get(f"/results/{address}{file}").status_code == 404


@pytest.mark.parametrize("state", ["open", "closed", "counted", "set aside"])
def test_nothing_of_a_vote_is_public_before_it_is_published(database: str, phone: TestClient, state: str) -> None:
    hall = a_hall()
    row = hall.opened()
    for voter in range(3):
        hall.votes(row, voter, 0)
    if state != "open":
        close_round(actor=hall.facilitator, round_id=row.id)
    if state in ("counted", "set aside"):
        count_round(actor=hall.facilitator, second=hall.second, round_id=row.id)
    if state == "set aside":
        set_aside_round(actor=hall.facilitator, second=hall.second, round_id=row.id, reason="A box stood open.")
    with reading() as db:
        trackers = list(db.scalars(select(SealedBallot.tracker)))
    assert len(trackers) == (3 if state in ("counted", "set aside") else 0)
    files = ["", "/ballots", "/ballots.zip", "/ballots.zip.sha256", *(f"/{name}" for name in NAMES)]
    files += [f"/ballots/{trackers[0][:2]}", f"/ballots/{trackers[0][:1]}"] if trackers else []
    for file in files:
        answer = phone.get(f"/results/{row.uuid}{file}")
        assert (file, answer.status_code) == (file, 404)
        assert not any(tracker in answer.text for tracker in trackers)
    assert phone.get(f"/results/{row.uuid}/rule.json").status_code == 200


def test_titles_are_text(database: str, phone: TestClient) -> None:
    goals = some_goals(["<script>alert('goal')</script>"])
    voted = a_published_round(goals, ballots_of(goals, "0"), ())
    for page in ("", "/ballots"):
        assert "<script>alert" not in phone.get(f"/results/{voted.uuid}{page}").text


def test_results_neither_read_nor_set_a_cookie(sqlite_database: str, phone: TestClient) -> None:
    voted = a_round("sealed officers")
    phone.get(f"/results/{voted.uuid}")
    for page in ("", "/ballots", "/ballots.zip", "/ballots.json"):
        plain = phone.get(f"/results/{voted.uuid}{page}")
        known = phone.get(
            f"/results/{voted.uuid}{page}",
            headers={"cookie": "beat_language=es; beat_session=x; beat_pass=y", "accept-language": "es"},
        )
        assert "set-cookie" not in plain.headers and "set-cookie" not in known.headers
        assert without_nonce(known.text) == without_nonce(plain.text)


def shown_text(page: str) -> str:
    """What a page shows, as one line."""
    return " ".join(" ".join(shown(page)).split())


def without_nonce(page: str) -> str:
    return re.sub(r'nonce="[^"]*"', "", page)


def test_the_address_names_the_language(sqlite_database: str, phone: TestClient) -> None:
    page = phone.get(f"/results/{a_round('sealed officers').uuid}?language=es").text
    assert '<html lang="es"' in page
    assert "?language=en" in page


def test_a_ballot_is_found_without_scripts(database: str, phone: TestClient) -> None:
    goals = some_goals()
    voted = a_published_round(goals, ballots_of(goals, "02", "-", ""), ballots_of(goals, "0", "0", "0"))
    said = shown_text(phone.get(f"/results/{voted.uuid}/ballots").text)
    two, none, blank = (printed_token(tracker) for tracker in voted.trackers)
    assert f"{none} None of these" in said and f"{blank} Blank ballot" in said
    assert re.search(rf"{two} (Light the path on 23rd Avenue · A gym|A gym open on Fridays · Light)", said)
    assert "3 ballots, in the order of their trackers" in said
    assert "The officers’ ballots are not among them" in said


def test_a_long_list_is_parted_by_the_first_letters(
    database: str, phone: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(published_ballots, "ON_ONE_PAGE", 12)
    goals = some_goals()
    voted = a_published_round(goals, ballots_of(goals, *["01"] * 120), ())
    index = phone.get(f"/results/{voted.uuid}/ballots").text
    starts = re.findall(rf'href="/results/{voted.uuid}/ballots/(\w+)', index)
    assert starts == sorted({tracker[:1] for tracker in voted.trackers})
    assert not any(printed_token(tracker) in index for tracker in voted.trackers)
    listed: list[str] = []
    for start in starts:
        page = phone.get(f"/results/{voted.uuid}/ballots/{start}").text
        listed += re.findall(r"<code>([0-9A-Z-]{14})</code>", page)
    assert listed == [printed_token(tracker) for tracker in sorted(voted.trackers)]
    for wrong in ("U", "%25", "_", voted.trackers[0], "a"):
        assert phone.get(f"/results/{voted.uuid}/ballots/{wrong}").status_code == 404


def test_scripts_come_from_here_alone(sqlite_database: str, phone: TestClient) -> None:
    voted: Published = a_round("sealed officers")
    for page in ("", "/ballots"):
        answer = phone.get(f"/results/{voted.uuid}{page}")
        (nonce,) = set(re.findall(r'nonce="([^"]+)"', answer.text))
        policy = answer.headers["content-security-policy"]
        assert f"script-src 'nonce-{nonce}'" in policy and "connect-src 'self'" in policy
        assert "style=" not in answer.text and "onclick" not in answer.text


def test_a_side_that_agreed_is_named_in_the_list(sqlite_database: str, phone: TestClient) -> None:
    goals = some_goals()
    officers = ballots_of(goals, "0", "0", "0")
    voted = a_published_round(goals, ballots_of(goals, "0"), officers, officers_figures=SideFigures.OPEN)
    said = shown_text(phone.get(f"/results/{voted.uuid}/ballots").text)
    assert (said.count(" Officers Light the path"), said.count(" Residents Light the path")) == (3, 1)


def test_a_contested_goal_says_who_owes_an_answer_by_when_and_then_the_answer(database: str, phone: TestClient) -> None:
    hall = a_hall()
    row = hall.opened(places=1)
    for voter in range(9):
        hall.votes(row, voter, 0)
    for officer in range(4):
        hall.votes(row, officer, 1, side=Electorate.OFFICERS)
    hall.counted(row)
    hall.published(row)
    due = owed_answers(row.id)[hall.goals[0]].due_on
    assert f"The officers owe an answer by {day_in_words(due)}." in phone.get(f"/results/{row.uuid}").text
    answer_contested(
        actor=a_person(beats=(hall.beat_id,)),
        round_uuid=row.uuid,
        goal_uuid=hall.goals[0],
        reason="We are <b>four</b> officers.",
        counter_offer="Two evenings",
    )
    told = phone.get(f"/results/{row.uuid}").text
    assert "The officers answered:</strong> We are &lt;b&gt;four&lt;/b&gt; officers." in told
    assert "Counter-offer:</strong> Two evenings" in told
    assert "The residents owe an answer by" in told
