"""The invented people, the pulse, and who helps."""

from collections import Counter
from datetime import UTC, date, datetime

from lib.demo.activities import TRAINING, WATCH, YOUTH, demo_activities
from lib.demo.geography import demo_geography
from lib.demo.partners import PARTNERS
from lib.demo.people import demo_people
from lib.demo.pulse import OPEN_CODE, demo_open_wave, demo_pulse
from lib.rules.ballots import normalise_token, printed_token
from lib.rules.lifecycle import Role, Side
from lib.rules.pulse import PulseChange, pulse_comparison, pulse_share

TODAY = date(2026, 11, 24)


def test_every_beat_has_two_or_three_officers_whom_people_can_meet() -> None:
    people = demo_people(seed=7, today=TODAY, geography=demo_geography())
    postings = [posting for person in people for posting in person.postings if posting.valid_to is None]
    assert all(posting.hours and len(posting.hours) <= 200 for posting in postings)
    counts = Counter(posting.beat for posting in postings)
    assert set(counts) == {beat.code for beat in demo_geography().beats}
    assert set(counts.values()) == {2, 3}
    assert len({person.email for person in people}) == len({person.name for person in people}) == len(people)


def test_the_five_accounts_are_what_the_readme_says() -> None:
    people = demo_people(seed=7, today=TODAY, geography=demo_geography())
    accounts = {each.email: (each.name, each.side, each.roles) for each in people if each.signs_in}
    assert accounts == {
        "officer@demo.example": ("Maya Lindqvist", Side.OFFICERS, {Role.OFFICER}),
        "facilitator@demo.example": ("Rosa Delgado", Side.RESIDENTS, {Role.FACILITATOR}),
        "facilitator.officers@demo.example": ("Sgt. Ruth Alvarez", Side.OFFICERS, {Role.OFFICER, Role.FACILITATOR}),
        "coordinator@demo.example": ("Ines Park", Side.NEITHER, {Role.COORDINATOR}),
        "auditor@demo.example": ("Tobias Greene", Side.NEITHER, {Role.AUDITOR}),
    }
    present = [(person.name, posting) for person in people for posting in person.postings if posting.valid_to is None]
    assert {name for name, posting in present if posting.beat == "K2"} == {
        "Maya Lindqvist",
        "Sgt. Ruth Alvarez",
        "Daniel Okafor",
    }


def test_more_people_of_k2_feel_safe_after_dark() -> None:
    waves = demo_pulse(seed=7, today=TODAY, geography=demo_geography())
    k2 = [
        pulse_share(sum(answer.after_dark in (1, 2) for answer in wave.answers), len(wave.answers), adults=wave.adults)
        for wave in waves
        if wave.beat == "K2"
    ]
    assert [round(float(share.share or 0), 2) for share in k2] == [0.47, 0.48, 0.53, 0.58]
    assert pulse_comparison(k2[0], k2[-1]).change is PulseChange.MORE


def test_waves_are_half_yearly_closed_and_of_every_sort() -> None:
    waves = demo_pulse(seed=7, today=TODAY, geography=demo_geography())
    assert sorted({wave.wave_on for wave in waves}) == [
        date(2025, 4, 1),
        date(2025, 10, 1),
        date(2026, 4, 1),
        date(2026, 10, 1),
    ]
    assert all(wave.closes_on < TODAY for wave in waves)
    assert sorted(len(wave.answers) for wave in waves)[:2][0] == 7
    assert all(120 <= len(wave.answers) <= 220 for wave in waves if len(wave.answers) != 7)
    assert [wave.invited for wave in waves if wave.is_volunteer] == [0]


def test_some_who_answer_took_part_and_some_leave_it_open() -> None:
    waves = demo_pulse(seed=7, today=TODAY, geography=demo_geography())
    said = Counter(answer.took_part for wave in waves for answer in wave.answers)
    assert 0.2 < said[True] / said.total() < 0.3
    assert 0 < said[None] < said[True] < said[False]


def test_one_wave_is_open_to_every_visitor_under_a_code_that_can_be_typed() -> None:
    wave = demo_open_wave(today=TODAY, geography=demo_geography())
    assert (wave.beat, wave.wave_on, wave.is_volunteer, wave.answers) == ("K3", TODAY, True, ())
    assert normalise_token(printed_token(OPEN_CODE).lower()) == wave.code


def test_what_people_can_join_lies_ahead_in_k2_and_elsewhere() -> None:
    activities = demo_activities(seed=7, today=TODAY, geography=demo_geography(), time_zone="America/Los_Angeles")
    assert {each.kind for each in activities if each.beat == "K2"} == {YOUTH, WATCH, TRAINING}
    assert len({each.beat for each in activities}) >= 15
    assert all(each.next_at > datetime(2026, 11, 24, 8, tzinfo=UTC) for each in activities)
    assert {each.partner for each in activities} <= {"", *(partner.name for partner in PARTNERS)}
    assert all(all(each.spanish) for each in activities)


def test_partners_fit_the_columns_they_are_stored_in() -> None:
    assert len(PARTNERS) >= 12
    for partner in PARTNERS:
        assert partner.phone.startswith("206-555-01")
        assert partner.website.endswith(".example")
        for service in partner.services:
            assert (len(service.name) <= 120, len(service.description) <= 400, len(service.needs) <= 300) == (True,) * 3
            assert (len(service.hours) <= 120, len(service.languages) <= 120) == (True, True)


def test_organisers_and_volunteers_are_invented_at_invented_addresses() -> None:
    activities = demo_activities(seed=7, today=TODAY, geography=demo_geography(), time_zone="America/Los_Angeles")
    assert {each.organiser.rpartition("@")[2] for each in activities} == {"", "organisers.example"}
    assert all(each.volunteers for each in activities if each.organiser)
    assert not any(each.volunteers for each in activities if not each.organiser)
