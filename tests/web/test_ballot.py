"""The phone ballot: let in, choose, send, and know that it is in."""

import re
from html import unescape

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from lib.model import CandidateText
from lib.queries.counts import Turnout, turnouts
from lib.queries.passes import ballot_state
from lib.queries.voting import RoundRow
from lib.rules.ballots import printed_token
from lib.rules.lifecycle import Electorate
from lib.services.counting import count_round
from lib.services.rounds import close_round, open_round
from lib.storage.transaction import writing
from lib.web import passes as pass_page
from lib.web.cookies import sign
from lib.web.room_state import forget_states
from lib.web.wrong_codes import REFUSED_AFTER, note_wrong_code
from tests.hall import TITLES, Hall, a_hall
from tests.web.conftest import phone_door

RESIDENTS, OFFICERS = Electorate.RESIDENTS, Electorate.OFFICERS


@pytest.fixture(autouse=True)
def no_memory() -> None:
    forget_states()
    from lib.web import wrong_codes

    wrong_codes._tries.clear()


def let_in(phone: TestClient, hall: Hall, voter: int = 0, side: Electorate = RESIDENTS) -> None:
    assert phone.get(f"/b/{hall.tokens[side][voter]}").headers["location"] == "/ballot"


def form_of(page: str) -> str:
    found = re.search(r'name="form" value="([^"]+)"', page)
    assert found, page
    return unescape(found[1])


def send(phone: TestClient, page: str, **fields: object) -> object:
    return phone.post("/ballot", data={"form": form_of(page), **fields})


def test_a_slip_leads_to_the_ballot_and_the_ballot_to_its_receipt(database: str, phone: TestClient) -> None:
    hall = a_hall()
    row = hall.opened()
    let_in(phone, hall)
    page = phone.get("/ballot")
    assert page.status_code == 200
    assert page.text.count('type="checkbox" name="goal"') == 3
    assert "Choose any number" in page.text and "None of these" in page.text
    sent = phone.post("/ballot", data={"form": form_of(page.text), "goal": [str(hall.goals[0]), str(hall.goals[2])]})
    assert sent.status_code == 303
    receipt = phone.get(sent.headers["location"])
    stored = ballot_state(row.id, hall.cred(0))
    assert stored.tracker is not None
    assert printed_token(stored.tracker) in receipt.text
    assert "You can change it until the round closes at" in receipt.text
    assert turnouts(row.id)[RESIDENTS] == Turnout(1, 25)
    for goal in hall.goals:
        assert str(goal) not in receipt.text


def test_the_pass_cookie_stays_on_the_ballots_path_and_out_of_reach_of_scripts(
    database: str, phone: TestClient
) -> None:
    hall = a_hall()
    answer = phone.get(f"/b/{hall.tokens[RESIDENTS][0]}")
    cookie = answer.headers["set-cookie"]
    assert "Path=/ballot" in cookie and "HttpOnly" in cookie and "SameSite=lax" in cookie and "Max-Age=" in cookie
    assert answer.headers["cache-control"] == "no-store"


def test_a_typed_code_is_forgiven_its_spelling(database: str, phone: TestClient) -> None:
    hall = a_hall()
    token = hall.tokens[RESIDENTS][0]
    typed = " ".join(token[place : place + 4] for place in range(0, 16, 4)).lower().replace("0", "o").replace("1", "i")
    assert phone.get("/join").status_code == 200
    assert phone.post("/join", data={"code": typed}).headers["location"] == "/ballot"


@pytest.mark.parametrize("code", ["", "nonsense", "0000-0000-0000-0000", "<script>alert(1)</script>", "9" * 10_000])
def test_a_wrong_code_is_a_sentence_and_404(database: str, phone: TestClient, code: str) -> None:
    a_hall()
    answer = phone.post("/join", data={"code": code})
    assert answer.status_code == 404
    assert "This code is not known here" in answer.text
    assert "<script>alert" not in answer.text


def test_a_prankster_is_slowed_down_and_a_right_code_still_passes(database: str, phone: TestClient) -> None:
    hall = a_hall()
    for _ in range(REFUSED_AFTER):
        note_wrong_code("testclient")
    pass_page.asyncio.sleep, kept = no_sleep, pass_page.asyncio.sleep  # the test need not wait four seconds
    try:
        assert phone.post("/join", data={"code": "0000000000000000"}).status_code == 429
    finally:
        pass_page.asyncio.sleep = kept
    let_in(phone, hall)


async def no_sleep(_seconds: float) -> None:
    return


def test_wrong_codes_wait_longer_each_time_and_are_forgotten_after_a_minute() -> None:
    waits = [note_wrong_code("one address", moment=float(second))[0] for second in range(8)]
    assert waits == [0, 0, 0, 0, 0, 0.5, 1.0, 1.5]
    assert note_wrong_code("another address", moment=8.0) == (0, False)
    assert note_wrong_code("one address", moment=100.0) == (0, False)


def test_without_a_slip_the_ballot_leads_to_the_door(database: str, phone: TestClient) -> None:
    a_hall()
    assert phone.get("/ballot").headers["location"] == "/join"
    assert phone.post("/ballot", data={}).headers["location"] == "/join"
    phone.cookies.set("beat_pass", "made up", path="/ballot")
    assert phone.get("/ballot").headers["location"] == "/join"


def test_a_phone_waits_until_the_round_opens_and_learns_that_it_did(database: str, phone: TestClient) -> None:
    hall = a_hall()
    let_in(phone, hall)
    page = phone.get("/ballot")
    assert (page.status_code, "No vote is open yet" in page.text) == (200, True)
    assert '<noscript><meta http-equiv="refresh" content="10;url=/ballot"></noscript>' in page.text
    before = phone.get("/ballot/state").text
    hall.opened()
    forget_states()
    assert phone.get("/ballot/state").text != before
    assert 'name="goal"' in phone.get("/ballot").text


def test_the_same_form_sent_twice_is_one_ballot_with_one_tracker(database: str, phone: TestClient) -> None:
    hall = a_hall()
    row = hall.opened()
    let_in(phone, hall)
    page = phone.get("/ballot").text
    first = send(phone, page, goal=str(hall.goals[0]), word="lighthouse")
    second = send(phone, page, goal=str(hall.goals[0]), word="lighthouse")
    assert first.headers["location"] == second.headers["location"]  # type: ignore[attr-defined]
    assert turnouts(row.id)[RESIDENTS].cast == 1


def test_an_older_tab_learns_that_a_later_vote_took_its_place(database: str, phone: TestClient) -> None:
    hall = a_hall()
    row = hall.opened()
    let_in(phone, hall)
    older = send(phone, phone.get("/ballot").text, goal=str(hall.goals[0]))
    assert phone.get("/ballot").headers["location"] == "/ballot/in"
    later = send(phone, phone.get("/ballot?change=1").text, none="yes")
    assert "replaced by your later vote" in phone.get(older.headers["location"]).text  # type: ignore[attr-defined]
    assert "replaced by" not in phone.get(later.headers["location"]).text  # type: ignore[attr-defined]
    assert turnouts(row.id)[RESIDENTS].cast == 1


def another_phone(hall: Hall, voter: int = 0) -> TestClient:
    """A second device that scanned the same slip, or a picture of it."""
    phone = TestClient(phone_door(), follow_redirects=False)
    let_in(phone, hall, voter)
    return phone


ELSEWHERE = "This slip has voted, on another phone or before this page was closed."
AT_THE_DOOR = "If that was not you, show the slip at the door."


def test_a_copy_of_a_slip_on_another_phone_shows_no_tracker_before_or_after_closing(
    database: str, phone: TestClient
) -> None:
    hall = a_hall()
    row = hall.opened()
    let_in(phone, hall)
    sent = send(phone, phone.get("/ballot").text, goal=str(hall.goals[0]))
    tracker = printed_token(ballot_state(row.id, hall.cred(0)).tracker or "")
    copy = another_phone(hall)
    assert copy.get("/ballot").headers["location"] == "/ballot/in"
    for address in ("/ballot/in", sent.headers["location"]):  # type: ignore[attr-defined]
        page = copy.get(address).text
        assert (tracker in page, "tracker.txt" in page, 'class="code"' in page) == (False, False, False)
        assert ELSEWHERE in page and AT_THE_DOOR in page and 'href="/ballot?change=1"' in page
    assert copy.get("/ballot/in/tracker.txt").headers["location"] == "/ballot/in"
    close_round(actor=hall.facilitator, round_id=row.id)
    for address in ("/ballot", "/ballot/in"):
        page = copy.get(address).text
        assert (tracker in page, ELSEWHERE in page, "?change=1" in page) == (False, True, False)
        assert (tracker in phone.get(address).text, ELSEWHERE in phone.get(address).text) == (True, False)


def test_the_cookie_that_shows_the_tracker_ends_with_the_pass_and_cannot_be_made_up(
    database: str, phone: TestClient
) -> None:
    hall = a_hall()
    row = hall.opened()
    let_in(phone, hall)
    sent = send(phone, phone.get("/ballot").text, goal=str(hall.goals[0]))
    cookie = sent.headers["set-cookie"]  # type: ignore[attr-defined]
    assert cookie.startswith("beat_receipt=")
    assert "Path=/ballot" in cookie and "HttpOnly" in cookie and "SameSite=lax" in cookie
    lasts = int(re.search(r"Max-Age=(\d+)", cookie)[1])  # type: ignore[index]
    let_in(copy := another_phone(hall), hall)
    whole = int(re.search(r"Max-Age=(\d+)", copy.get(f"/b/{hall.tokens[RESIDENTS][0]}").headers["set-cookie"])[1])  # type: ignore[index]
    assert whole - 60 <= lasts <= whole
    mark = ballot_state(row.id, hall.cred(0)).mark
    for made_up in (mark, f"{mark}.x.y", sign("ballot pass", mark)):
        copy.cookies.set("beat_receipt", made_up, path="/ballot")
        assert ELSEWHERE in copy.get("/ballot/in").text


def test_the_phone_whose_vote_was_replaced_elsewhere_learns_it_and_whom_to_ask(
    database: str, phone: TestClient
) -> None:
    hall = a_hall()
    hall.opened()
    let_in(phone, hall)
    sent = send(phone, phone.get("/ballot").text, goal=str(hall.goals[0]))
    copy = another_phone(hall)
    send(copy, copy.get("/ballot?change=1").text, none="yes")
    page = phone.get(sent.headers["location"]).text  # type: ignore[attr-defined]
    assert "was replaced by a later vote with this slip" in page and AT_THE_DOOR in page
    assert 'class="code"' not in page


def test_the_same_form_sent_again_brings_the_tracker_back_to_a_phone_that_lost_the_answer(
    database: str, phone: TestClient
) -> None:
    hall = a_hall()
    row = hall.opened()
    let_in(phone, hall)
    page = phone.get("/ballot").text
    send(phone, page, goal=str(hall.goals[0]))
    phone.cookies.delete("beat_receipt", path="/ballot")
    assert ELSEWHERE in phone.get("/ballot/in").text
    assert send(phone, page, goal=str(hall.goals[0])).status_code == 303  # type: ignore[attr-defined]
    tracker = printed_token(ballot_state(row.id, hall.cred(0)).tracker or "")
    assert tracker in phone.get("/ballot/in").text


def test_a_sealed_sides_ballot_cast_elsewhere_is_told_without_a_tracker(database: str, phone: TestClient) -> None:
    hall = a_hall()
    hall.opened()
    let_in(phone, hall, 0, OFFICERS)
    send(phone, phone.get("/ballot").text, none="yes")
    copy = TestClient(phone_door(), follow_redirects=False)
    let_in(copy, hall, 0, OFFICERS)
    page = copy.get("/ballot/in").text
    assert (ELSEWHERE in page, "The tracker was shown there" in page, "there is no tracker" in page) == (
        True,
        False,
        True,
    )


def test_a_form_older_than_the_ballot_that_is_in_replaces_nothing(database: str, phone: TestClient) -> None:
    """Tab A went offline, tab B voted, tab A sends by itself; and a form is sent again after the vote was changed."""
    hall = a_hall()
    row = hall.opened()
    let_in(phone, hall)
    older, first = phone.get("/ballot").text, phone.get("/ballot").text
    send(phone, first, goal=str(hall.goals[0]))
    change = phone.get("/ballot?change=1").text
    for late, stored_goal in ((older, 0), (first, 1)):
        if stored_goal:
            send(phone, change, goal=str(hall.goals[1]))
        stored = ballot_state(row.id, hall.cred(0))
        refused = send(phone, late, goal=str(hall.goals[2]), word="late")
        assert refused.status_code == 409  # type: ignore[attr-defined]
        text = refused.text  # type: ignore[attr-defined]
        assert "You voted since this form was opened" in text and "The ballot you sent before is in and counts" in text
        assert printed_token(stored.tracker or "") in text and 'href="/ballot?change=1"' in text
        assert ballot_state(row.id, hall.cred(0)) == stored
    assert turnouts(row.id)[RESIDENTS].cast == 1


def test_an_older_form_that_is_asked_back_is_still_an_older_form(database: str, phone: TestClient) -> None:
    hall = a_hall()
    row = hall.opened()
    let_in(phone, hall)
    older = phone.get("/ballot").text
    send(phone, phone.get("/ballot").text, goal=str(hall.goals[0]))
    stored = ballot_state(row.id, hall.cred(0))
    asked = send(phone, older).text  # type: ignore[attr-defined]
    assert send(phone, asked, goal=str(hall.goals[1])).status_code == 409  # type: ignore[attr-defined]
    assert ballot_state(row.id, hall.cred(0)) == stored


def test_a_form_of_another_slip_offers_nothing_that_replaces_a_ballot_unasked(database: str, phone: TestClient) -> None:
    hall = a_hall()
    hall.opened()
    let_in(phone, hall, 1)
    foreign = phone.get("/ballot").text
    let_in(phone, hall)
    send(phone, phone.get("/ballot").text, goal=str(hall.goals[0]))
    answer = send(phone, foreign, goal=str(hall.goals[1]))
    assert (answer.status_code, 'name="form"' in answer.text) == (409, False)  # type: ignore[attr-defined]
    assert 'href="/ballot?change=1"' in answer.text  # type: ignore[attr-defined]


def test_nothing_chosen_is_asked_back_and_blank_only_on_purpose(database: str, phone: TestClient) -> None:
    hall = a_hall()
    row = hall.opened()
    let_in(phone, hall)
    asked = send(phone, phone.get("/ballot").text)
    assert asked.status_code == 422  # type: ignore[attr-defined]
    assert "You chose nothing" in asked.text  # type: ignore[attr-defined]
    assert turnouts(row.id)[RESIDENTS].cast == 0
    assert send(phone, asked.text, blank="yes").status_code == 303  # type: ignore[attr-defined]
    assert turnouts(row.id)[RESIDENTS].cast == 1


@pytest.mark.parametrize("goal", ["nonsense", "00000000-0000-0000-0000-000000000000"])
def test_a_goal_that_is_not_on_the_ballot_is_refused(database: str, phone: TestClient, goal: str) -> None:
    hall = a_hall()
    row = hall.opened()
    let_in(phone, hall)
    answer = send(phone, phone.get("/ballot").text, goal=goal)
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert turnouts(row.id)[RESIDENTS].cast == 0


def test_goals_together_with_none_of_these_are_asked_back_with_what_was_ticked(
    database: str, phone: TestClient
) -> None:
    hall = a_hall()
    hall.opened()
    let_in(phone, hall)
    answer = send(phone, phone.get("/ballot").text, goal=str(hall.goals[1]), none="yes")
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert f'value="{hall.goals[1]}" checked' in answer.text  # type: ignore[attr-defined]


def test_a_form_of_another_slip_or_round_is_not_taken(database: str, phone: TestClient) -> None:
    hall = a_hall()
    row = hall.opened()
    let_in(phone, hall)
    page = phone.get("/ballot").text
    let_in(phone, hall, 1)
    answer = send(phone, page, goal=str(hall.goals[0]))
    assert (answer.status_code, turnouts(row.id)[RESIDENTS].cast) == (409, 0)  # type: ignore[attr-defined]
    assert phone.post("/ballot", data={"form": "made up", "goal": str(hall.goals[0])}).status_code == 409


def test_a_ballot_that_comes_too_late_is_told_so_and_whether_an_earlier_one_counts(
    database: str, phone: TestClient
) -> None:
    hall = a_hall()
    row = hall.opened()
    let_in(phone, hall)
    page = phone.get("/ballot").text
    close_round(actor=hall.facilitator, round_id=row.id)
    late = send(phone, page, goal=str(hall.goals[0]))
    assert late.status_code == 409  # type: ignore[attr-defined]
    assert "Nothing of yours is counted in this round" in late.text  # type: ignore[attr-defined]
    assert turnouts(row.id)[RESIDENTS].cast == 0


def test_a_change_that_comes_too_late_leaves_the_earlier_ballot(database: str, phone: TestClient) -> None:
    hall = a_hall()
    row = hall.opened()
    let_in(phone, hall)
    send(phone, phone.get("/ballot").text, goal=str(hall.goals[0]))
    page = phone.get("/ballot?change=1").text
    close_round(actor=hall.facilitator, round_id=row.id)
    late = send(phone, page, goal=str(hall.goals[1]))
    tracker = ballot_state(row.id, hall.cred(0)).tracker
    assert tracker is not None
    assert "The ballot you sent before is in and counts" in late.text  # type: ignore[attr-defined]
    assert printed_token(tracker) in late.text  # type: ignore[attr-defined]


def test_a_form_that_lay_open_until_the_next_round_says_which_one_it_missed(database: str, phone: TestClient) -> None:
    hall = a_hall()
    row = hall.opened(goal_ids=hall.goal_ids[:1])
    let_in(phone, hall)
    send(phone, phone.get("/ballot").text, goal=str(hall.goals[0]))
    page = phone.get("/ballot?change=1").text
    close_round(actor=hall.facilitator, round_id=row.id)
    later = hall.opened(goal_ids=hall.goal_ids[1:])
    late = send(phone, page, none="yes")
    assert late.status_code == 409  # type: ignore[attr-defined]
    assert "Round 1 of 2" in late.text  # type: ignore[attr-defined]
    assert "The ballot you sent before is in and counts" in late.text  # type: ignore[attr-defined]
    count_round(actor=hall.facilitator, second=hall.second, round_id=row.id)
    assert "If you had voted before, that ballot was counted" in send(phone, page, none="yes").text  # type: ignore[attr-defined]
    assert turnouts(later.id)[RESIDENTS].cast == 0


def test_officers_of_a_sealed_side_get_a_confirmation_and_no_tracker(database: str, phone: TestClient) -> None:
    hall = a_hall()
    row = hall.opened()
    let_in(phone, hall, 0, OFFICERS)
    page = phone.get("/ballot").text
    assert 'name="word"' not in page
    sent = send(phone, page, goal=str(hall.goals[0]))
    receipt = phone.get(sent.headers["location"]).text  # type: ignore[attr-defined]
    assert "Your ballot is in" in receipt and "there is no tracker" in receipt
    assert 'class="code"' not in receipt
    assert turnouts(row.id)[OFFICERS].cast == 1


def test_each_voter_sees_the_goals_in_an_order_of_their_own(database: str) -> None:
    hall = a_hall(residents=30)
    hall.opened()
    orders = set()
    for voter in range(30):
        with TestClient(phone_door(), follow_redirects=False) as phone:
            let_in(phone, hall, voter)
            page = phone.get("/ballot").text
            orders.add(tuple(re.findall(r'name="goal" value="([^"]+)"', page)))
            assert tuple(re.findall(r'name="goal" value="([^"]+)"', phone.get("/ballot").text)) in orders
    assert len(orders) >= 4


def test_after_publishing_the_phone_leads_to_the_result(database: str, phone: TestClient) -> None:
    hall = a_hall()
    row = hall.opened()
    let_in(phone, hall)
    send(phone, phone.get("/ballot").text, goal=str(hall.goals[0]))
    assert phone.get(f"/results/{row.uuid}").status_code == 404
    finish(hall, row)
    assert f'href="/results/{row.uuid}"' in phone.get("/ballot").text
    assert phone.get("/ballot/in").status_code == 200


def finish(hall: Hall, row: RoundRow) -> None:
    close_round(actor=hall.facilitator, round_id=row.id)
    count_round(actor=hall.facilitator, second=hall.second, round_id=row.id)
    hall.published(row)


@pytest.mark.parametrize("link", ["/b/{}", "/b/{}?a=1", "/b/{}#top", "/b/{}/", "/B/{}?fbclid=b/x#b/y", " /b/{} "])
def test_the_whole_link_of_a_slip_is_taken_where_its_code_is_asked(
    sqlite_database: str, phone: TestClient, link: str
) -> None:
    hall = a_hall()
    link = f"https://beat.example{link.format(hall.tokens[RESIDENTS][0])}".replace("example ", "example")
    answer = phone.post("/join", data={"code": link}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/ballot")


def test_the_link_of_a_slip_works_in_capitals(sqlite_database: str, phone: TestClient) -> None:
    hall = a_hall()
    assert phone.get(f"/B/{hall.tokens[RESIDENTS][0]}").headers["location"] == "/ballot"
    assert phone.get("/B/0000000000000000").status_code == 404


def test_the_form_for_the_code_has_room_for_a_whole_link(sqlite_database: str, phone: TestClient) -> None:
    a_hall()
    assert 'maxlength="300"' in phone.get("/join").text


def test_what_stands_on_a_ballot_is_text(sqlite_database: str, phone: TestClient) -> None:
    evil = '<img src=x onerror=alert(1)> & "quoted"'
    hall = a_hall(titles=(evil, *TITLES[1:]))
    row = hall.planned()
    with writing() as db:
        db.execute(update(CandidateText).values(summary=evil))
    open_round(actor=hall.facilitator, second=hall.second, round_id=row.id)
    let_in(phone, hall)
    page = phone.get("/ballot").text
    assert "<img src=x" not in page
    # The title once, the summary of every goal.
    assert page.count("&lt;img src=x") >= 4
