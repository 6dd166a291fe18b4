"""Evidence that does not flatter, the residents' word on goals, the pulse asked, meetings that remember.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

COLUMNS = {
    "agenda_item": ("topic VARCHAR(32) DEFAULT '' NOT NULL", "source VARCHAR(80) DEFAULT '' NOT NULL"),
    "measure": ("outline TEXT DEFAULT '' NOT NULL",),
    "meeting": ("minuted_at {instant}",),
    "minute": (
        "source VARCHAR(80) DEFAULT '' NOT NULL",
        "is_struck BOOLEAN DEFAULT {false} NOT NULL",
        "position INTEGER DEFAULT 0 NOT NULL",
    ),
    "pulse_survey": ("code VARCHAR(16) DEFAULT '' NOT NULL", "planned_at {instant}", "swept_at {instant}"),
    "support": ("follow_digest {bytes}", "supported_on DATE"),
}

TABLES = (
    "minutes_approval",
    "goal_answer",
    "goal_argument",
    "goal_room_answer",
    "story_version",
    "commitment_evidence",
    "commitment_officer",
    "measure_area",
    "measure_month",
)

DISPLAYS = ("vote", "lobby", "covered")


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    types = {
        "instant": "DATETIME" if is_sqlite else "TIMESTAMP WITH TIME ZONE",
        "false": "0" if is_sqlite else "false",
        "bytes": "BLOB" if is_sqlite else "BYTEA",
    }
    for table, columns in COLUMNS.items():
        for column in columns:
            # Written out, because SQLite adds a column with its CHECK in one statement only.
            op.execute(f"ALTER TABLE {table} ADD COLUMN {column.format(**types)}")
    op.create_index("uq_support_follow_digest", "support", ["follow_digest"], unique=True)
    op.execute(
        "UPDATE support SET supported_on = (SELECT date(reported_at) FROM concern WHERE concern.id = support.concern_id)"
    )
    op.create_index(
        "uq_minute_source",
        "minute",
        ["meeting_id", "source"],
        unique=True,
        sqlite_where=sa.text("source <> ''"),
        postgresql_where=sa.text("source <> ''"),
    )
    let_the_display_show((*DISPLAYS, "agenda"))
    create_tables()
    give_answers_random_names()
    op.execute(
        "INSERT INTO story_version (goal_id, scanning, analysis, response, assessment, told_at, person_id) "
        "SELECT id, scanning, analysis, response, assessment, proposed_at, proposed_by_id FROM goal "
        "WHERE scanning <> '' OR analysis <> '' OR response <> '' OR assessment <> ''"
    )
    # What was asked before is counted already; nothing of it waits to be removed.
    op.execute("UPDATE pulse_survey SET swept_at = CURRENT_TIMESTAMP WHERE closes_on < CURRENT_DATE")
    create_triggers()


def downgrade() -> None:
    drop_triggers()
    give_answers_numbers()
    for table in TABLES:
        op.drop_table(table)
    op.execute("UPDATE meeting SET display = 'lobby' WHERE display = 'agenda'")
    let_the_display_show(DISPLAYS)
    op.drop_index("uq_minute_source", "minute")
    op.drop_index("uq_support_follow_digest", "support")
    for table, columns in COLUMNS.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} DROP COLUMN {column.split()[0]}")


def let_the_display_show(displays: tuple[str, ...]) -> None:
    """The words that `meeting.display` may hold. SQLite changes no CHECK, so the column is put aside and replaced."""
    allowed = ", ".join(f"'{each}'" for each in displays)
    check = f"CONSTRAINT ck_meeting_display CHECK (display IN ({allowed}))"
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE meeting DROP CONSTRAINT ck_meeting_display")
        op.execute(f"ALTER TABLE meeting ADD {check}")
        return
    op.execute("ALTER TABLE meeting ADD COLUMN displayed VARCHAR(32)")
    op.execute("UPDATE meeting SET displayed = display")
    op.execute("ALTER TABLE meeting DROP COLUMN display")
    op.execute(f"ALTER TABLE meeting ADD COLUMN display VARCHAR(32) DEFAULT 'vote' NOT NULL {check}")
    op.execute("UPDATE meeting SET display = displayed")
    op.execute("ALTER TABLE meeting DROP COLUMN displayed")


ANSWER_COLUMNS = "survey_id, after_dark, by_day, safety, respect, listens, compared, top_issue"


def give_answers_random_names() -> None:
    """A number that counts up would tell in which order people answered."""
    name = "lower(hex(randomblob(16)))" if op.get_bind().dialect.name == "sqlite" else "gen_random_uuid()"
    op.execute("CREATE TABLE answers_kept AS SELECT * FROM pulse_answer")
    op.drop_table("pulse_answer")
    create_answers(sa.Uuid(), sa.Column("took_part", sa.Boolean(), nullable=True), sqlite_with_rowid=False)
    op.execute(f"INSERT INTO pulse_answer (id, {ANSWER_COLUMNS}) SELECT {name}, {ANSWER_COLUMNS} FROM answers_kept")
    op.drop_table("answers_kept")


def give_answers_numbers() -> None:
    op.execute("CREATE TABLE answers_kept AS SELECT * FROM pulse_answer")
    op.drop_table("pulse_answer")
    create_answers(sa.Integer())
    op.execute(
        f"INSERT INTO pulse_answer (id, {ANSWER_COLUMNS}) "
        f"SELECT row_number() OVER (ORDER BY id), {ANSWER_COLUMNS} FROM answers_kept"
    )
    op.drop_table("answers_kept")


def create_answers(id_type: sa.types.TypeEngine, *more: sa.Column, **options: bool) -> None:
    scales = {"after_dark": (1, 4), "by_day": (1, 4), "safety": (0, 10), "respect": (0, 10), "listens": (0, 10)}
    op.create_table(
        "pulse_answer",
        sa.Column("id", id_type, nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in (*scales, "compared")),
        *more,
        sa.Column("top_issue", sa.String(length=160), nullable=False),
        *(
            sa.CheckConstraint(f"{name} BETWEEN {low} AND {high}", name=f"ck_pulse_answer_{name}")
            for name, (low, high) in {**scales, "compared": (-1, 1)}.items()
        ),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["pulse_survey.id"], name="fk_pulse_answer_survey_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_pulse_answer"),
        **options,
    )
    op.create_index("ix_pulse_answer_survey_id", "pulse_answer", ["survey_id"])


def create_tables() -> None:
    op.create_table(
        "commitment_officer",
        sa.Column("commitment_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitment.id"], name="fk_commitment_officer_commitment_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_commitment_officer_person_id"),
        sa.PrimaryKeyConstraint("commitment_id", name="pk_commitment_officer"),
    )
    op.create_index("ix_commitment_officer_person_id", "commitment_officer", ["person_id"])
    op.create_table(
        "minutes_approval",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name="fk_minutes_approval_meeting_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_minutes_approval_person_id"),
        sa.PrimaryKeyConstraint("meeting_id", "person_id", name="pk_minutes_approval"),
    )
    op.create_table(
        "goal_answer",
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column("answerer", sa.LargeBinary(length=32), nullable=False),
        sa.Column(
            "answer",
            sa.Enum(
                "solved", "better", "same", "worse", name="answer", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.CheckConstraint("length(answerer) = 32", name="ck_goal_answer_answerer_length"),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name="fk_goal_answer_goal_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("goal_id", "answerer", name="pk_goal_answer"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "goal_argument",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column(
            "stance",
            sa.Enum("for", "against", name="stance", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "side",
            sa.Enum("residents", "officers", name="side", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("argued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("text <> ''", name="ck_goal_argument_says_something"),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name="fk_goal_argument_goal_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_goal_argument_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_goal_argument"),
    )
    op.create_index("ix_goal_argument_goal_id", "goal_argument", ["goal_id"], unique=False)
    op.create_table(
        "goal_room_answer",
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column(
            "answer",
            sa.Enum(
                "solved", "better", "same", "worse", name="answer", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("number >= 0", name="ck_goal_room_answer_not_negative"),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name="fk_goal_room_answer_goal_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name="fk_goal_room_answer_meeting_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_goal_room_answer_person_id"),
        sa.PrimaryKeyConstraint("goal_id", "meeting_id", "answer", name="pk_goal_room_answer"),
    )
    op.create_table(
        "story_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column("scanning", sa.Text(), nullable=False),
        sa.Column("analysis", sa.Text(), nullable=False),
        sa.Column("response", sa.Text(), nullable=False),
        sa.Column("assessment", sa.Text(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name="fk_story_version_goal_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_story_version_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_story_version"),
    )
    op.create_index("ix_story_version_goal_id", "story_version", ["goal_id"], unique=False)
    op.create_table(
        "commitment_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("commitment_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("text", "link", "photo", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("photo", sa.LargeBinary(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_reason", sa.String(length=300), nullable=False),
        sa.CheckConstraint("kind <> 'link' OR link <> ''", name="ck_commitment_evidence_link_given"),
        sa.CheckConstraint(
            "kind <> 'photo' OR photo IS NOT NULL OR withdrawn_reason <> ''", name="ck_commitment_evidence_photo_given"
        ),
        sa.CheckConstraint("text <> ''", name="ck_commitment_evidence_says_something"),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitment.id"], name="fk_commitment_evidence_commitment_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_commitment_evidence_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_commitment_evidence"),
        sa.UniqueConstraint("uuid", name="uq_commitment_evidence_uuid"),
    )
    op.create_index("ix_commitment_evidence_commitment_id", "commitment_evidence", ["commitment_id"], unique=False)
    op.create_table(
        "measure_area",
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("beat_id", sa.Integer(), nullable=False),
        sa.Column(
            "use",
            sa.Enum("comparison", "neighbour", name="use", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["beat_id"], ["beat.id"], name="fk_measure_area_beat_id"),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name="fk_measure_area_measure_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("measure_id", "beat_id", name="pk_measure_area"),
    )
    op.create_table(
        "measure_month",
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("incidents", sa.Integer(), nullable=False),
        sa.CheckConstraint("incidents >= 0", name="ck_measure_month_not_negative"),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name="fk_measure_month_measure_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("measure_id", "month", name="pk_measure_month"),
        sqlite_with_rowid=False,
    )


PROMISED_BY = """EXISTS (SELECT 1 FROM commitment c WHERE c.goal_id = {goal} AND c.party = '{party}'
    AND c.state IN ({states}))"""
PROMISED = "'accepted', 'kept'"
PROMISED_BEFORE = "'accepted', 'kept', 'broken'"
STILL_PROMISED = "'accepted', 'kept', 'broken', 'unaccepted'"
"""An active goal goes on with a promise that was broken or waits for an officer's successor; none begins on it."""

NOT_READY = "a goal becomes active only with a measure and an accepted commitment of each side"
KEEPS_BOTH = "an active goal keeps its measure and a commitment of each side"
STORY_STAYS = "what a story said stays as it was told"
JUDGED_STAYS = "what a goal is judged by stays once it has begun"
APPROVED_STAYS = "approved minutes stay as they were approved"
MINUTED_STAYS = "a meeting whose minutes are approved stays so"


def _both(goal: str, states: str) -> str:
    return " AND ".join(
        PROMISED_BY.format(goal=goal, party=party, states=states) for party in ("residents", "officers")
    )


MEASURED = "EXISTS (SELECT 1 FROM measure WHERE measure.goal_id = NEW.id)"
READY = f"({MEASURED} AND {_both('NEW.id', PROMISED)})"
READY_BEFORE = f"({MEASURED} AND {_both('NEW.id', PROMISED_BEFORE)})"
STILL_READY = f"({MEASURED} AND {_both('NEW.id', STILL_PROMISED)})"
ACTIVE = "EXISTS (SELECT 1 FROM goal g WHERE g.id = OLD.goal_id AND g.state = 'active')"
JUDGED = "EXISTS (SELECT 1 FROM goal g WHERE g.id = OLD.goal_id AND g.state IN ('active', 'achieved'))"
JUDGED_BESIDE = """EXISTS (SELECT 1 FROM measure m JOIN goal g ON g.id = m.goal_id
    WHERE m.id {rows} AND g.state IN ('active', 'achieved'))"""
JUDGED_BY = "target, baseline, baseline_months, starts_on, due_on, direction, kind, category, outline"
MINUTED = "EXISTS (SELECT 1 FROM meeting m WHERE m.id = {row}.meeting_id AND m.state = 'minuted')"
MINUTED_LOST = (
    ("UPDATE OF state", "update", "OLD.state = 'minuted' AND NEW.state <> 'minuted'"),
    ("DELETE", "delete", "OLD.state = 'minuted'"),
)
MINUTED_ROWS = {"INSERT": ("NEW",), "UPDATE": ("NEW", "OLD"), "DELETE": ("OLD",)}


def create_triggers() -> None:
    """An active goal keeps what made it active, also when something is deleted later; stories are append-only; approved
    minutes take no line, lose none and change none."""
    loses = f"{ACTIVE} AND NOT ({_both('OLD.goal_id', STILL_PROMISED)})"
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER goal_active_update")
        op.execute(
            "CREATE TRIGGER goal_active_update BEFORE UPDATE OF state ON goal "
            f"WHEN NEW.state = 'active' AND NOT ({READY} OR (OLD.state = 'achieved' AND {STILL_READY})) "
            f"BEGIN SELECT RAISE(ABORT, '{NOT_READY}'); END"
        )
        for change, name in (("DELETE", "delete"), ("UPDATE OF state, party, goal_id", "update")):
            op.execute(
                f"CREATE TRIGGER active_goal_commitment_{name} AFTER {change} ON commitment WHEN {loses} "
                f"BEGIN SELECT RAISE(ABORT, '{KEEPS_BOTH}'); END"
            )
        for change, name in (("DELETE", "delete"), ("UPDATE OF goal_id", "update")):
            op.execute(
                f"CREATE TRIGGER active_goal_measure_{name} BEFORE {change} ON measure WHEN {ACTIVE} "
                f"BEGIN SELECT RAISE(ABORT, '{KEEPS_BOTH}'); END"
            )
        op.execute(
            f"CREATE TRIGGER judged_measure_update BEFORE UPDATE OF {JUDGED_BY} ON measure WHEN {JUDGED} "
            f"BEGIN SELECT RAISE(ABORT, '{JUDGED_STAYS}'); END"
        )
        for change, rows in (
            ("INSERT", "= NEW.measure_id"),
            ("UPDATE", "IN (OLD.measure_id, NEW.measure_id)"),
            ("DELETE", "= OLD.measure_id"),
        ):
            op.execute(
                f"CREATE TRIGGER judged_measure_area_{change.lower()} BEFORE {change} ON measure_area "
                f"WHEN {JUDGED_BESIDE.format(rows=rows)} BEGIN SELECT RAISE(ABORT, '{JUDGED_STAYS}'); END"
            )
        for change, rows in MINUTED_ROWS.items():
            op.execute(
                f"CREATE TRIGGER minute_approved_{change.lower()} BEFORE {change} ON minute "
                f"WHEN {' OR '.join(MINUTED.format(row=row) for row in rows)} "
                f"BEGIN SELECT RAISE(ABORT, '{APPROVED_STAYS}'); END"
            )
        for change, name, lost in MINUTED_LOST:
            op.execute(
                f"CREATE TRIGGER meeting_minuted_{name} BEFORE {change} ON meeting WHEN {lost} "
                f"BEGIN SELECT RAISE(ABORT, '{MINUTED_STAYS}'); END"
            )
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER story_version_no_{change.lower()} BEFORE {change} ON story_version "
                f"BEGIN SELECT RAISE(ABORT, '{STORY_STAYS}'); END"
            )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION check_goal_active() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN "
        f"IF NEW.state = 'active' AND NOT ({READY} OR (TG_OP = 'UPDATE' AND OLD.state = 'achieved' AND {STILL_READY})) "
        f"THEN RAISE EXCEPTION '{NOT_READY}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$$"
    )
    for name, condition in (("commitment", loses), ("measure", ACTIVE)):
        op.execute(
            f"CREATE FUNCTION keep_active_goal_{name}() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN "
            f"IF {condition} THEN RAISE EXCEPTION '{KEEPS_BOTH}' USING ERRCODE = 'check_violation'; END IF; "
            "RETURN coalesce(NEW, OLD); END$$"
        )
    op.execute(
        "CREATE TRIGGER active_goal_commitment AFTER DELETE OR UPDATE OF state, party, goal_id ON commitment "
        "FOR EACH ROW EXECUTE FUNCTION keep_active_goal_commitment()"
    )
    op.execute(
        "CREATE TRIGGER active_goal_measure BEFORE DELETE OR UPDATE OF goal_id ON measure "
        "FOR EACH ROW EXECUTE FUNCTION keep_active_goal_measure()"
    )
    beside = JUDGED_BESIDE.format(rows="IN (OLD.measure_id, NEW.measure_id)")
    for table, change, condition in (
        ("measure", f"UPDATE OF {JUDGED_BY}", JUDGED),
        ("measure_area", "INSERT OR UPDATE OR DELETE", beside),
    ):
        op.execute(
            f"CREATE FUNCTION keep_judged_{table}() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN "
            f"IF {condition} THEN RAISE EXCEPTION '{JUDGED_STAYS}' USING ERRCODE = 'check_violation'; END IF; "
            "RETURN coalesce(NEW, OLD); END$$"
        )
        op.execute(
            f"CREATE TRIGGER judged_{table} BEFORE {change} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION keep_judged_{table}()"
        )
    op.execute(
        "CREATE FUNCTION keep_story() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$BEGIN RAISE EXCEPTION '{STORY_STAYS}' USING ERRCODE = 'check_violation'; END$$"
    )
    op.execute(
        "CREATE TRIGGER story_version_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON story_version "
        "FOR EACH STATEMENT EXECUTE FUNCTION keep_story()"
    )
    op.execute(
        "CREATE FUNCTION keep_approved_minutes() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN "
        f"IF (TG_OP <> 'INSERT' AND {MINUTED.format(row='OLD')}) OR (TG_OP <> 'DELETE' AND {MINUTED.format(row='NEW')}) "
        f"THEN RAISE EXCEPTION '{APPROVED_STAYS}' USING ERRCODE = 'check_violation'; END IF; "
        "RETURN coalesce(NEW, OLD); END$$"
    )
    op.execute(
        "CREATE TRIGGER minute_approved BEFORE INSERT OR UPDATE OR DELETE ON minute "
        "FOR EACH ROW EXECUTE FUNCTION keep_approved_minutes()"
    )
    op.execute(
        "CREATE FUNCTION keep_meeting_minuted() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$BEGIN RAISE EXCEPTION '{MINUTED_STAYS}' USING ERRCODE = 'check_violation'; END$$"
    )
    for change, name, lost in MINUTED_LOST:
        op.execute(
            f"CREATE TRIGGER meeting_minuted_{name} BEFORE {change} ON meeting "
            f"FOR EACH ROW WHEN ({lost}) EXECUTE FUNCTION keep_meeting_minuted()"
        )


def drop_triggers() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER goal_active_update")
        op.execute(
            "CREATE TRIGGER goal_active_update BEFORE UPDATE OF state ON goal "
            f"WHEN NEW.state = 'active' AND NOT {READY_BEFORE} BEGIN SELECT RAISE(ABORT, '{NOT_READY}'); END"
        )
        for table in ("commitment", "measure"):
            for name in ("delete", "update"):
                op.execute(f"DROP TRIGGER active_goal_{table}_{name}")
        for name in ("measure_update", "measure_area_insert", "measure_area_update", "measure_area_delete"):
            op.execute(f"DROP TRIGGER judged_{name}")
        for change in ("update", "delete"):
            op.execute(f"DROP TRIGGER story_version_no_{change}")
        for change in MINUTED_ROWS:
            op.execute(f"DROP TRIGGER minute_approved_{change.lower()}")
        for _change, name, _lost in MINUTED_LOST:
            op.execute(f"DROP TRIGGER meeting_minuted_{name}")
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION check_goal_active() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN "
        f"IF NEW.state = 'active' AND NOT {READY_BEFORE} "
        f"THEN RAISE EXCEPTION '{NOT_READY}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$$"
    )
    for table in ("commitment", "measure"):
        op.execute(f"DROP TRIGGER active_goal_{table} ON {table}")
        op.execute(f"DROP FUNCTION keep_active_goal_{table}()")
    for table in ("measure", "measure_area"):
        op.execute(f"DROP TRIGGER judged_{table} ON {table}")
        op.execute(f"DROP FUNCTION keep_judged_{table}()")
    op.execute("DROP TRIGGER story_version_append_only ON story_version")
    op.execute("DROP FUNCTION keep_story()")
    op.execute("DROP TRIGGER minute_approved ON minute")
    op.execute("DROP FUNCTION keep_approved_minutes()")
    for _change, name, _lost in MINUTED_LOST:
        op.execute(f"DROP TRIGGER meeting_minuted_{name} ON meeting")
    op.execute("DROP FUNCTION keep_meeting_minuted()")
