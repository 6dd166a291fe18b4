"""A city's directory of help: plain tables and the Open Referral form, with everything that can be wrong in them."""

import doctest
import json
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lib.errors import Invalid
from lib.importers import hsds
from lib.importers.partners import PartnersFile, read_partners

TODAY = date(2026, 5, 4)

HEADER = "id,partner,name,description,needs,phone,hours,languages,beat,checked_on\n"


def read(path: Path, text: str | bytes, name: str = "directory.csv") -> PartnersFile:
    file = path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_partners(file, today=TODAY)


def reasons(file: PartnersFile) -> list[tuple[int, str]]:
    return [(row.line, row.reason) for row in file.report.refused]


def test_a_plain_table_is_read(tmp_path: Path) -> None:
    row = "7,Harbour House,Talk,Free.,alcohol,206-555-0101,Mon 9-17,English; Spanish,K2,2026-04-01\n"
    file = read(tmp_path, HEADER + row)
    entry = file.entries[0]
    assert (entry.id, entry.partner, entry.name, entry.description, entry.needs, entry.phones) == (
        "7",
        "Harbour House",
        "Talk",
        "Free.",
        "alcohol",
        ("206-555-0101",),
    )
    assert (entry.hours, entry.languages, entry.beat, entry.checked_on) == (
        "Mon 9-17",
        "English; Spanish",
        "K2",
        date(2026, 4, 1),
    )
    assert file.report.counts() | {"rows": 1, "taken": 1} == file.report.counts()


def test_other_names_of_columns_and_encodings_are_understood(tmp_path: Path) -> None:
    text = "Organization Name;Service Name;Phone Number\nCasa de Acción;Niños;206-555-0101\n"
    for encoding in ("utf-8-sig", "latin-1", "utf-16"):
        entry = read(tmp_path, text.encode(encoding)).entries[0]
        assert (entry.partner, entry.name, entry.phones) == ("Casa de Acción", "Niños", ("206-555-0101",)), encoding


def test_every_row_that_cannot_be_taken_is_named_with_its_reason(tmp_path: Path) -> None:
    rows = (
        "1,Harbour House,Talk,,,206-555-0101,,,,\n"
        "2,Harbour House,,,,206-555-0101,,,,\n"
        "3,,Talk,,,206-555-0101,,,,\n"
        "4,Harbour House,Chat,,,call us,,,,\n"
        "5,Harbour House,Later,,,,,,,2026-05-05\n"
        "6,Harbour House,When,,,,,,,some day\n"
        f"7,Harbour House,{'x' * 121},,,,,,,\n"
        "8,Harbour House\n"
    )
    file = read(tmp_path, HEADER + rows)
    assert [entry.id for entry in file.entries] == ["1"]
    assert reasons(file) == [
        (3, "no service’s name"),
        (4, "no partner’s name"),
        (5, "the phone number “call us” cannot be dialled"),
        (6, "the check is dated in the future"),
        (7, "“some day” is no day of a check"),
        (8, "a service’s name of more than 120 characters"),
        (9, "2 values where the header has 10"),
    ]
    assert (file.report.rows, file.report.taken, file.report.unreadable) == (8, 1, 7)
    assert file.ids == {"1", "2", "3", "4", "5", "6", "7"}


def test_an_id_counts_once(tmp_path: Path) -> None:
    file = read(tmp_path, HEADER + "1,House,First,,,,,,,\n1,House,Second,,,,,,,\n")
    assert [entry.name for entry in file.entries] == ["First"]
    assert (file.report.duplicate, file.report.examples["duplicate"]) == (1, [3])


def test_a_row_without_an_id_is_known_by_partner_and_name(tmp_path: Path) -> None:
    text = "partner,name,needs\nHouse,Talk,a\nHouse,Talk,b\nHOUSE,talk,c\nHouse,Chat,d\n"
    file = read(tmp_path, text)
    assert [entry.name for entry in file.entries] == ["Talk", "Chat"]
    assert file.ids == read(tmp_path, text).ids


def test_long_and_marked_up_texts_become_plain_and_short(tmp_path: Path) -> None:
    html = '"<p>Free &amp; <b>quiet</b> **talk** &lt;script&gt;alert(1)&lt;/script&gt;</p>"'
    file = read(tmp_path, HEADER + f"1,House,Talk,{html},,,,,,\n2,House,Long,{'word ' * 200},,,,,,\n")
    assert file.entries[0].description == "Free & quiet talk alert(1)"
    assert len(file.entries[1].description) <= 400
    assert "1 service has longer texts" in " ".join(file.report.notes)


@pytest.mark.parametrize(
    ("text", "name", "sentence"),
    [
        (b"", "a.csv", "is empty"),
        (HEADER, "a.csv", "has a header and no rows"),
        ("partner,phone\nHouse,1234567\n", "a.csv", "No column with the service’s name"),
        ("name,phone\nTalk,1234567\n", "a.csv", "No column with the partner’s name"),
        (HEADER + "1,,,,,,,,,\n", "a.csv", "No row of a.csv can be read; line 2: no service’s name"),
        ("<html><body>Sign in</body></html>", "a.csv", "is a web page"),
        ('[{"id": "1", "name":', "a.json", "is not whole JSON"),
        ("[]", "a.json", "holds no services"),
        ('{"contents": []}', "a.json", "holds no services"),
        ("[1, 2]", "a.json", "No row of a.json can be read; line 1: not an object with fields"),
        ('[{"id": "1"}]', "a.json", "line 1: no service’s name"),
        (b"PK\x03\x04 damaged", "a.zip", "damaged"),
        (b"\x00\x01\x02\x03" * 50, "a.csv", ""),
    ],
)
def test_a_file_that_is_no_directory_is_refused_with_a_sentence(
    tmp_path: Path, text: str | bytes, name: str, sentence: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        read(tmp_path, text, name)
    assert sentence in refusal.value.sentence


def a_service(**changed: Any) -> dict[str, Any]:
    """A service as an HSDS 3 interface answers it; every value is invented."""
    return {
        "id": "5f6a",
        "name": "Evening counselling",
        "alternate_name": "Night talks",
        "description": "<p>Somebody listens.</p>",
        "status": "active",
        "minimum_age": 12,
        "maximum_age": 19,
        "assured_date": "2026-03-01",
        "last_modified": "2026-04-02T10:00:00Z",
        "phones": [{"number": '"+1 206 555 0155"', "type": "voice"}, {"number": "206-555-0156"}],
        "schedules": [
            {"byday": "MO,TU", "opens_at": "09:00:00", "closes_at": "17:30:00"},
            {"byday": "SA", "opens_at": "10:00", "closes_at": "12:00"},
        ],
        "languages": [{"name": "Spanish", "code": "es"}, {"code": "vi"}],
        "attributes": [{"taxonomy_term": {"name": "Mental health"}}, {"value": "Counselling"}],
        "organization": {
            "id": "org-1",
            "name": "Harbour House",
            "website": "https://harbour.example",
            "phones": [{"number": "206-555-0100"}],
        },
    } | changed


def read_json(path: Path, document: Any) -> PartnersFile:
    return read(path, json.dumps(document), "directory.json")


def test_an_open_referral_service_is_read_with_what_belongs_to_it(tmp_path: Path) -> None:
    entry = read_json(tmp_path, [a_service()]).entries[0]
    assert (entry.id, entry.partner_id, entry.partner, entry.name) == (
        "5f6a",
        "org-1",
        "Harbour House",
        "Evening counselling",
    )
    assert entry.description == "Somebody listens. For ages 12 to 19."
    assert entry.needs == "Mental health, Counselling, Night talks"
    assert (entry.phones, entry.partner_phone, entry.website) == (
        ("+1 206 555 0155",),
        "206-555-0100",
        "https://harbour.example",
    )
    assert entry.hours == "Mon, Tue 9:00–17:30; Sat 10:00–12:00"
    assert (entry.languages, entry.checked_on) == ("Spanish, Vietnamese", date(2026, 3, 1))


@pytest.mark.parametrize("wrapped", [lambda one: [one], lambda one: one, lambda one: {"contents": [one], "page": 1}])
def test_the_shapes_of_json_are_one(tmp_path: Path, wrapped: Any) -> None:
    assert read_json(tmp_path, wrapped(a_service())).entries == read_json(tmp_path, [a_service()]).entries


def test_services_inside_their_organization_are_read(tmp_path: Path) -> None:
    service = a_service()
    document = [{**service.pop("organization"), "services": [service]}]
    assert read_json(tmp_path, document).entries == read_json(tmp_path, [a_service()]).entries


def test_a_service_that_is_no_longer_offered_is_told_apart(tmp_path: Path) -> None:
    file = read_json(
        tmp_path, [a_service(), a_service(id="gone", status="defunct"), a_service(id="shut", status="inactive")]
    )
    assert ([entry.id for entry in file.entries], file.inactive) == (["5f6a"], {"gone", "shut"})


def test_what_a_place_says_counts_where_the_service_says_nothing(tmp_path: Path) -> None:
    place = {"phones": [{"number": "206-555-0177"}], "location": {"languages": [{"name": "Somali"}]}}
    entry = read_json(
        tmp_path, [a_service(phones=[], languages=[], schedules=[], service_at_locations=[place])]
    ).entries[0]
    assert (entry.phones, entry.languages, entry.hours) == (("206-555-0177",), "Somali", "")


@pytest.mark.parametrize(
    "changed",
    [
        {"phones": [{"number": "none"}]},
        {"organization": {}},
        {"organization": None},
        {"name": None},
        {"name": ["x"]},
    ],
)
def test_a_service_with_something_missing_is_refused_and_the_others_taken(
    tmp_path: Path, changed: Mapping[str, Any]
) -> None:
    file = read_json(tmp_path, [a_service(id="good"), a_service(**changed), "nonsense", None])
    assert [entry.id for entry in file.entries] == ["good"]
    assert [line for line, _reason in reasons(file)] == [2, 3, 4]


@pytest.mark.parametrize(
    "changed",
    [
        {"phones": "206", "schedules": {"byday": 3}, "languages": [None, 1], "attributes": [[]]},
        {"minimum_age": "twelve", "maximum_age": 1e300, "assured_date": ["x"]},
        {"schedules": [{"opens_at": "soon", "byday": "XX", "description": "By appointment"}]},
        {"service_at_locations": ["x", {"location": 4}]},
    ],
)
def test_odd_fields_are_passed_over(tmp_path: Path, changed: Mapping[str, Any]) -> None:
    file = read_json(tmp_path, [a_service(**changed)])
    assert len(file.entries) + len(file.report.refused) == 1


TABLES = {
    "organization.csv": "id,name,website\norg-1,Harbour House,https://harbour.example\n",
    "service.csv": (
        "id,organization_id,name,alternate_name,description,status,minimum_age,maximum_age,assured_date\n"
        "5f6a,org-1,Evening counselling,Night talks,<p>Somebody listens.</p>,active,12,19,2026-03-01\n"
        "lost,org-9,Nobody’s service,,,active,,,\n"
    ),
    "phone.csv": (
        "id,service_id,organization_id,service_at_location_id,number\n"
        'p1,5f6a,,,"""+1 206 555 0155"""\np2,,org-1,,206-555-0100\n'
    ),
    "schedule.csv": (
        "id,service_id,service_at_location_id,byday,opens_at,closes_at\n"
        's1,5f6a,,"MO,TU",09:00,17:30\ns2,5f6a,,SA,10:00,12:00\n'
    ),
    "language.csv": "id,service_id,name,code\nl1,5f6a,Spanish,es\nl2,5f6a,,vi\n",
    "attribute.csv": "id,link_id,taxonomy_term_id,value\na1,5f6a,t1,\na2,5f6a,,Counselling\n",
    "taxonomy_term.csv": "id,name\nt1,Mental health\n",
    "service_at_location.csv": "id,service_id,location_id\n",
    "metadata.csv": "id,resource_id\n",
}


@pytest.mark.parametrize("kind", ["folder", "zip", "zip with a folder", "plural"])
def test_tables_and_json_say_the_same(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "package"
    if kind in ("folder", "plural"):
        path.mkdir()
        for name, text in TABLES.items():
            (path / (name.replace(".csv", "s.csv") if kind == "plural" else name)).write_text(text, encoding="utf-8")
    else:
        path = tmp_path / "package.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in TABLES.items():
                archive.writestr(f"export/{name}" if "folder" in kind else name, text)
    file = read_partners(path, today=TODAY)
    there = read_json(tmp_path, [a_service()]).entries[0]
    here = file.entries[0]
    assert {**vars(here), "line": 1} == vars(there)
    assert reasons(file) == [(3, "no partner’s name")]


def test_a_folder_without_services_is_no_directory(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"holds no table service\.csv"):
        read_partners(tmp_path, today=TODAY)


def test_the_examples_hold() -> None:
    assert doctest.testmod(hsds).failed == 0
