"""A vote that both sides can trust: second persons, door passes, reconciliation, answers owed, translations.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


SIDE = ("residents", "officers")

COLUMNS = {
    "person": ("pin_hash VARCHAR(200) DEFAULT '' NOT NULL",),
    "round": (
        "dice_hash VARCHAR(64) DEFAULT '' NOT NULL",
        "set_aside VARCHAR(300) DEFAULT '' NOT NULL",
    ),
    "pass": ("void_round_id INTEGER",),
    "pass_batch": (
        "kind VARCHAR(32) DEFAULT 'slips' NOT NULL "
        "CONSTRAINT ck_pass_batch_kind CHECK (kind IN ('slips', 'door', 'open_room'))",
    ),
    "side_count": ("paper_ballots INTEGER DEFAULT 0 NOT NULL",),
    "meeting": (
        "address VARCHAR(200) DEFAULT '' NOT NULL",
        "display VARCHAR(32) DEFAULT 'vote' NOT NULL "
        "CONSTRAINT ck_meeting_display CHECK (display IN ('vote', 'lobby', 'covered'))",
    ),
    "agenda_item": ("started_at {instant}",),
}


def upgrade() -> None:
    instant = "DATETIME" if op.get_bind().dialect.name == "sqlite" else "TIMESTAMP WITH TIME ZONE"
    for table, columns in COLUMNS.items():
        for column in columns:
            # Written out, because SQLite adds a column with its CHECK in one statement only.
            op.execute(f'ALTER TABLE "{table}" ADD COLUMN {column.format(instant=instant)}')
    op.create_table(
        "round_text",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("question", sa.String(length=160), nullable=False),
        sa.Column("eligibility", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name="fk_round_text_round_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("round_id", "language", name="pk_round_text"),
    )
    op.create_table(
        "second_vote",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("first_round_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name="fk_second_vote_round_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["first_round_id"], ["round.id"], name="fk_second_vote_first_round_id"),
        sa.PrimaryKeyConstraint("round_id", name="pk_second_vote"),
    )
    op.create_index("ix_second_vote_first_round_id", "second_vote", ["first_round_id"])
    op.create_table(
        "door_pass",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("sealed_token", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["pass_batch.id"], name="fk_door_pass_batch_id"),
        sa.PrimaryKeyConstraint("id", name="pk_door_pass"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_door_pass_batch_id", "door_pass", ["batch_id"])
    op.create_table(
        "door_tally",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("side", _side(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("number >= 1", name="ck_door_tally_positive"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_door_tally_meeting_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_door_tally_person_id"),
        sa.PrimaryKeyConstraint("meeting_id", "side", "person_id", name="pk_door_tally"),
    )
    op.create_table(
        "reconciliation",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("side", _side(), nullable=False),
        sa.Column("slips_left", sa.Integer(), nullable=False),
        sa.Column("slips_spoiled", sa.Integer(), nullable=False),
        sa.Column("paper_slips", sa.Integer(), nullable=False),
        sa.Column("door_left", sa.Integer(), nullable=False),
        sa.Column("door_shown", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "slips_left >= 0 AND slips_spoiled >= 0 AND paper_slips >= 0 AND door_left >= 0",
            name="ck_reconciliation_not_negative",
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name="fk_reconciliation_round_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_reconciliation_person_id"),
        sa.PrimaryKeyConstraint("round_id", "side", name="pk_reconciliation"),
    )
    op.create_table(
        "owed_answer",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("side", _side(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("counter_offer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("answered_at IS NULL OR reason <> ''", name="ck_owed_answer_answer_has_reason"),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name="fk_owed_answer_round_id"),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidate.id"], name="fk_owed_answer_candidate_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_owed_answer_person_id"),
        sa.PrimaryKeyConstraint("round_id", "candidate_id", name="pk_owed_answer"),
    )
    op.create_table(
        "checkin_answer",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=32), nullable=False),
        sa.Column("answer", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False, server_default="0"),
        sa.CheckConstraint("number >= 0 AND shown >= 0", name="ck_checkin_answer_not_negative"),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name="fk_checkin_answer_meeting_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("meeting_id", "question", "answer", name="pk_checkin_answer"),
    )
    op.create_table(
        "phone_check",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reached_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_phone_check_meeting_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("code", name="pk_phone_check"),
    )
    op.create_index("ix_phone_check_meeting_id", "phone_check", ["meeting_id"])
    _reconcile_what_was_published()
    create_triggers()


def downgrade() -> None:
    drop_triggers()
    for table in (
        "phone_check",
        "checkin_answer",
        "owed_answer",
        "reconciliation",
        "door_tally",
        "door_pass",
        "second_vote",
        "round_text",
    ):
        op.drop_table(table)
    for table, columns in COLUMNS.items():
        for column in columns:
            op.execute(f'ALTER TABLE "{table}" DROP COLUMN {column.split()[0]}')


def _side() -> sa.Enum:
    return sa.Enum(*SIDE, name="side", native_enum=False, create_constraint=True, length=32)


def _reconcile_what_was_published() -> None:
    """Rounds of before had no paper and no count of slips: those counted and waiting are as if all were drawn."""
    op.execute(
        "INSERT INTO reconciliation (round_id, side, slips_left, slips_spoiled, paper_slips, door_left, person_id, "
        "counted_at) SELECT c.round_id, c.side, 0, 0, 0, 0, (SELECT min(id) FROM person), r.published_at "
        'FROM side_count c JOIN "round" r ON r.id = c.round_id '
        "WHERE r.state = 'published' AND EXISTS (SELECT 1 FROM person)"
    )


RECONCILED = """
    NEW.set_aside = '' AND (NEW.mode <> 'meeting' OR (
        (SELECT count(*) FROM side_count c WHERE c.round_id = NEW.id) = 2
        AND NOT EXISTS (
            SELECT 1 FROM side_count c
            LEFT JOIN reconciliation r ON r.round_id = c.round_id AND r.side = c.side
            WHERE c.round_id = NEW.id AND (
                r.round_id IS NULL
                OR c.cast_ballots > c.issued - r.slips_left - r.door_left
                OR r.paper_slips <> c.paper_ballots
            )
        )
    ))
"""
NOT_RECONCILED = "a round is published only when passes and ballots of both sides agree"

PUBLISHED_FIGURES = ("side_count", "reconciliation", "outcome", "sealed_ballot")
FIGURES_STAY = "the figures of a published round stay as they are"


def create_triggers() -> None:
    """Promise 6 on both databases: publishing needs passes and ballots that agree, and freezes every figure."""
    published = "EXISTS (SELECT 1 FROM \"round\" WHERE id = OLD.round_id AND state = 'published')"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            'CREATE TRIGGER round_reconciled BEFORE UPDATE OF state ON "round" '
            f"WHEN NEW.state = 'published' AND OLD.state <> 'published' AND NOT ({RECONCILED}) "
            f"BEGIN SELECT RAISE(ABORT, '{NOT_RECONCILED}'); END"
        )
        for table in PUBLISHED_FIGURES:
            for change in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_frozen_{change.lower()} BEFORE {change} ON {table} WHEN {published} "
                    f"BEGIN SELECT RAISE(ABORT, '{FIGURES_STAY}'); END"
                )
        return
    op.execute(
        "CREATE FUNCTION check_round_reconciled() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN "
        f"IF NEW.state = 'published' AND OLD.state <> 'published' AND NOT ({RECONCILED}) THEN "
        f"RAISE EXCEPTION '{NOT_RECONCILED}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$$"
    )
    op.execute(
        'CREATE TRIGGER round_reconciled BEFORE UPDATE OF state ON "round" '
        "FOR EACH ROW EXECUTE FUNCTION check_round_reconciled()"
    )
    op.execute(
        "CREATE FUNCTION keep_published_figures() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN "
        f"IF {published} THEN RAISE EXCEPTION '{FIGURES_STAY}' USING ERRCODE = 'check_violation'; END IF; "
        "RETURN coalesce(NEW, OLD); END$$"
    )
    for table in PUBLISHED_FIGURES:
        op.execute(
            f"CREATE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION keep_published_figures()"
        )


def drop_triggers() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER round_reconciled")
        for table in PUBLISHED_FIGURES:
            for change in ("update", "delete"):
                op.execute(f"DROP TRIGGER {table}_frozen_{change}")
        return
    op.execute('DROP TRIGGER round_reconciled ON "round"')
    op.execute("DROP FUNCTION check_round_reconciled()")
    for table in PUBLISHED_FIGURES:
        op.execute(f"DROP TRIGGER {table}_frozen ON {table}")
    op.execute("DROP FUNCTION keep_published_figures()")
