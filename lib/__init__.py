"""Common Beat: residents and police officers of one beat agree on goals, vote on them together, and see whether they
were met. This page is the map of the house.

Four doors stand on top and never import each other:

- `lib/ui` with `pages/`: the Streamlit screens. `lib/ui/shell.py` is the script that runs for every visitor: banner,
  navigation by role, one error boundary. A page reads like its screen.
- `lib/web`: the phone pages, plain HTML that needs no JavaScript: ballot, report, sign-in, follow link. In a full hall
  `lib/web/beside.py` serves them from processes of their own.
- `lib/api`: open data and standards for other programs.
- `lib/cli.py`: `python -m lib COMMAND`.

Every door asks `lib/queries` (one function per question, frozen rows out) and tells `lib/services` (one function per
intention, one transaction). Below them:

- `lib/importers` read a city's own files into frames, with a report; `lib/demo` invents the people and events of the
  demonstration city. Neither writes: services store what they return.
- `lib/printing` draws slips and paper ballots: values in, the bytes of a PDF out.
- `lib/storage`: the engine, transactions, migrations, and what the installation's secret is used for.
- `lib/model`: the tables. Guarantees are constraints and triggers before they are code.
- `lib/rules`: what the product exists for, pure: the tally, the derivations of a ballot, states and who moves them,
  rights, snapping a home to a cell, evidence, the pulse. No database, no clock, no network.
- `lib/errors.py`, `lib/settings.py`, `lib/clock.py`: what everybody may use; `lib/languages.py`: our texts in the
  languages of phone pages and mails; `lib/network.py`: the addresses under which a hall's phones reach this machine.

Files carry the same subjects in every layer: places, people, concerns, goals, voting, meetings, evidence, pulse,
partners. Who knows one layer can guess the next. `tests/test_layers.py` reads the imports and fails on a breach.

A vote, from end to end: `web/ballot.py` reads the pass cookie → `services/casting.py:cast_ballot` asks
`rules/ballots.py` for the key and writes one row of `model/voting.py` → `queries/live.py` counts for the projector →
`services/counting.py:seal_round` applies `rules/tally.py`, keeps the sorted ballots and forgets the rest.

A digest, from end to end: `cli_digest.py` → `services/digest.py` asks `queries/digest.py` what happened to all that a
reader follows, `rules/digest.py` puts it into words, `services/mail.py` keeps the sealed mail in the same transaction
and hands it over later, each one at most once → `storage/post.py` speaks to the mail server, or fills the outbox.
"""
