"""Concerns that are listened to: moderation, photos, outcomes, answer templates, mail, a directory that is kept.

Revision ID: 0004
Revises: 0003
"""

import json
from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TEXT_STATES = ("shown", "held", "redacted", "withheld")
REASONS = (
    "names_a_person",
    "tells_a_home",
    "contact_details",
    "accuses_somebody",
    "shows_a_person",
    "insults_or_threatens",
    "not_for_this_place",
)
RESIDENTS_WORDS = ("solved", "better", "same", "worse")
STATUSES = (
    "new",
    "acknowledged",
    "investigating",
    "planned",
    "in_progress",
    "solved",
    "no_further_action",
    "duplicate",
    "referred",
)


def listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)


COLUMNS = {
    "category": ("partner_id INTEGER CONSTRAINT fk_category_partner_id_partner REFERENCES partner (id)",),
    "category_text": (
        "responsible VARCHAR(160) DEFAULT '' NOT NULL",
        "advice VARCHAR(600) DEFAULT '' NOT NULL",
    ),
    "concern": (
        f"text_state VARCHAR(32) DEFAULT 'shown' NOT NULL "
        f"CONSTRAINT ck_concern_text_state CHECK (text_state IN ({listed(TEXT_STATES)})) "
        "CONSTRAINT ck_concern_unread_is_empty CHECK (text_state NOT IN ('held', 'withheld') OR text = '')",
        "referred_to_id INTEGER CONSTRAINT fk_concern_referred_to_id_partner REFERENCES partner (id)",
        "split_from_id INTEGER CONSTRAINT fk_concern_split_from_id_concern REFERENCES concern (id)",
    ),
    "concern_answer": (
        "other_id INTEGER CONSTRAINT fk_concern_answer_other_id_concern REFERENCES concern (id)",
        "partner_id INTEGER CONSTRAINT fk_concern_answer_partner_id_partner REFERENCES partner (id)",
    ),
    "support": ("is_repeat BOOLEAN DEFAULT {false} NOT NULL",),
    "partner": ("external_id VARCHAR(120) DEFAULT '' NOT NULL",),
    "service": (
        "phone VARCHAR(40) DEFAULT '' NOT NULL",
        "is_listed BOOLEAN DEFAULT {true} NOT NULL",
        "external_id VARCHAR(120) DEFAULT '' NOT NULL",
        "language VARCHAR(8) DEFAULT '' NOT NULL",
    ),
    "activity": (
        "needs VARCHAR(300) DEFAULT '' NOT NULL",
        "languages VARCHAR(120) DEFAULT '' NOT NULL",
        "checked_on DATE",
        "organiser {bytes}",
        "organiser_digest {bytes}",
        "language VARCHAR(8) DEFAULT '' NOT NULL",
    ),
}

TABLES = (
    "mail",
    "following",
    "reader",
    "sign_up",
    "activity_text",
    "service_text",
    "service_place",
    "answer_template",
    "concern_outcome",
    "concern_photo",
    "concern_review",
)

CITY = sa.table("city", sa.column("id"))
CATEGORY = sa.table("category", *map(sa.column, ("id", "key", "icon", "colour", "position", "is_public")))
CATEGORY_TEXT = sa.table("category_text", *map(sa.column, ("category_id", "language", "name", "responsible", "advice")))
STOCK = Path(__file__).parent.with_name("categories_0004.json")
"""The standard categories as they were with this version; a coordinator changes them on the page Admin."""

NOT_ERASED_NOR_A_PART = sa.text("erased_at IS NULL AND split_from_id IS NULL")
NAMED_ABROAD = sa.text("external_id <> ''")


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    types = (
        {"true": "1", "false": "0", "bytes": "BLOB"}
        if is_sqlite
        else {"true": "true", "false": "false", "bytes": "BYTEA"}
    )
    let_a_step_follow_by_rule(True)
    name_activities_in_public(True)
    for table, columns in COLUMNS.items():
        for column in columns:
            # Written out, because SQLite adds a column with its CHECK in one statement only.
            op.execute(f"ALTER TABLE {table} ADD COLUMN {column.format(**types)}")
    for column in ("cell", "duplicate_of_id", "split_from_id"):
        op.create_index(f"ix_concern_{column}", "concern", [column])
    op.create_index("ix_concern_desk", "concern", ["status", "beat_id", "answered_at", "reported_at"])
    op.create_index(
        "ix_concern_first_answer",
        "concern",
        ["reported_at", "beat_id", "category_id", "answered_at", "closed_at"],
        sqlite_where=NOT_ERASED_NOR_A_PART,
        postgresql_where=NOT_ERASED_NOR_A_PART,
    )
    for table in ("partner", "service"):
        op.create_index(
            f"uq_{table}_external_id",
            table,
            ["external_id"],
            unique=True,
            sqlite_where=NAMED_ABROAD,
            postgresql_where=NAMED_ABROAD,
        )
    create_tables_of_concerns()
    create_tables_of_the_directory()
    create_tables_of_mail()
    give_the_city_what_a_new_one_gets()


def give_the_city_what_a_new_one_gets() -> None:
    """A city from before gets the standard categories that it lacks (those that never become public among them), behind
    its own, and says who is responsible where it says nothing. What a coordinator has written stays."""
    bind = op.get_bind()
    if bind.execute(sa.select(CITY.c.id)).first() is None:
        return
    ids = {row.key: row.id for row in bind.execute(sa.select(CATEGORY.c.key, CATEGORY.c.id))}
    last = bind.execute(sa.select(sa.func.max(CATEGORY.c.position))).scalar()
    place = -1 if last is None else last
    for standard in json.loads(STOCK.read_text(encoding="utf-8")):
        if standard["key"] in ids:
            for language in ("en", "es"):
                words = CATEGORY_TEXT.c
                op.execute(
                    sa.update(CATEGORY_TEXT)
                    .where(words.category_id == ids[standard["key"]], words.language == language)
                    .values(responsible=standard[language]["responsible"])
                )
            continue
        place += 1
        look = {name: standard[name] for name in ("key", "colour", "is_public")}
        op.execute(sa.insert(CATEGORY).values(icon=standard["key"], position=place, **look))
        row = bind.execute(sa.select(CATEGORY.c.id).where(CATEGORY.c.key == standard["key"])).scalar_one()
        for language in ("en", "es"):
            op.execute(sa.insert(CATEGORY_TEXT).values(category_id=row, language=language, **standard[language]))


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    for table in ("partner", "service"):
        op.drop_index(f"uq_{table}_external_id", table)
    for name in ("first_answer", "desk"):
        op.drop_index(f"ix_concern_{name}", "concern")
    for column in ("cell", "duplicate_of_id", "split_from_id"):
        op.drop_index(f"ix_concern_{column}", "concern")
    for table, columns in COLUMNS.items():
        for column in reversed(columns):
            op.execute(f"ALTER TABLE {table} DROP COLUMN {column.split()[0]}")
    name_activities_in_public(False)
    op.execute("DELETE FROM concern_answer WHERE person_id IS NULL")
    let_a_step_follow_by_rule(False)


def let_a_step_follow_by_rule(may_be_nobody: bool) -> None:
    """A step in a concern's story that nobody took has no person. SQLite cannot change a column: its table is made anew,
    written out, so that each database and each copy has the same text of it."""
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column("concern_answer", "person_id", existing_type=sa.Integer(), nullable=may_be_nobody)
        return
    op.create_table(
        "concern_answer_anew",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=may_be_nobody),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(text) <= 2000", name="ck_concern_answer_text_length"),
        sa.CheckConstraint(f"status IN ({listed(STATUSES)})", name="ck_concern_answer_status"),
        sa.ForeignKeyConstraint(["concern_id"], ["concern.id"], name="fk_concern_answer_concern_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_concern_answer_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_concern_answer"),
    )
    columns = "id, concern_id, person_id, status, text, answered_at"
    op.execute(f"INSERT INTO concern_answer_anew ({columns}) SELECT {columns} FROM concern_answer")
    op.drop_table("concern_answer")
    op.rename_table("concern_answer_anew", "concern_answer")
    op.create_index("ix_concern_answer_concern_id", "concern_answer", ["concern_id"])


def name_activities_in_public(is_named: bool) -> None:
    """A number that counts up would tell how many activities there have been. SQLite: its table is made anew, as above;
    nothing refers to it yet."""
    if op.get_bind().dialect.name != "sqlite":
        if not is_named:
            op.drop_constraint("uq_activity_uuid", "activity")
            op.drop_column("activity", "uuid")
            return
        op.add_column("activity", sa.Column("uuid", sa.Uuid(), nullable=True))
        op.execute("UPDATE activity SET uuid = gen_random_uuid()")
        op.alter_column("activity", "uuid", nullable=False)
        op.create_unique_constraint("uq_activity_uuid", "activity", ["uuid"])
        return
    named = (sa.Column("uuid", sa.Uuid(), nullable=False), sa.UniqueConstraint("uuid", name="uq_activity_uuid"))
    op.create_table(
        "activity_anew",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=True),
        sa.Column("beat_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("description", sa.String(length=400), nullable=False),
        sa.Column("place", sa.String(length=160), nullable=False),
        sa.Column("rhythm", sa.String(length=120), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        *(named if is_named else ()),
        sa.ForeignKeyConstraint(["beat_id"], ["beat.id"], name="fk_activity_beat_id"),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name="fk_activity_partner_id"),
        sa.PrimaryKeyConstraint("id", name="pk_activity"),
    )
    columns = "id, partner_id, beat_id, kind, name, description, place, rhythm, next_at"
    more, values = (", uuid", ", lower(hex(randomblob(16)))") if is_named else ("", "")
    op.execute(f"INSERT INTO activity_anew ({columns}{more}) SELECT {columns}{values} FROM activity")
    op.drop_table("activity")
    op.rename_table("activity_anew", "activity")
    op.create_index("ix_activity_beat_id", "activity", ["beat_id"])


def create_tables_of_the_directory() -> None:
    op.create_table(
        "service_place",
        sa.Column("service_id", sa.Integer(), nullable=False),
        sa.Column("beat_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["beat_id"], ["beat.id"], name="fk_service_place_beat_id"),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name="fk_service_place_service_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("service_id", "beat_id", name="pk_service_place"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_service_place_beat_id", "service_place", ["beat_id"])
    for table, more in (("service", "hours"), ("activity", "rhythm")):
        op.create_table(
            f"{table}_text",
            sa.Column(f"{table}_id", sa.Integer(), nullable=False),
            sa.Column("language", sa.String(length=8), nullable=False),
            sa.Column("name", sa.String(length=120), nullable=False),
            sa.Column("description", sa.String(length=400), nullable=False),
            sa.Column(more, sa.String(length=120), server_default="", nullable=False),
            sa.ForeignKeyConstraint(
                [f"{table}_id"],
                [f"{table}.id"],
                name=f"fk_{table}_text_{table}_id",
                ondelete="CASCADE",
            ),
            sa.PrimaryKeyConstraint(f"{table}_id", "language", name=f"pk_{table}_text"),
        )


def create_tables_of_concerns() -> None:
    op.create_table(
        "concern_review",
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("original", sa.Text(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(original) <= 2000", name="ck_concern_review_original_length"),
        sa.CheckConstraint("(decided_at IS NULL) = (decision = 'held')", name="ck_concern_review_decided"),
        sa.CheckConstraint(
            "decision NOT IN ('redacted', 'withheld') OR reason IS NOT NULL",
            name="ck_concern_review_kept_back_has_reason",
        ),
        sa.CheckConstraint(f"decision IN ({listed(TEXT_STATES)})", name="ck_concern_review_decision"),
        sa.CheckConstraint(f"reason IN ({listed(REASONS)})", name="ck_concern_review_reason"),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["concern.id"], name="fk_concern_review_concern_id_concern", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_concern_review_person_id_person"),
        sa.PrimaryKeyConstraint("concern_id", name="pk_concern_review"),
    )
    op.create_table(
        "concern_photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("photo", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'withheld') = (photo IS NULL)", name="ck_concern_photo_withheld_is_gone"),
        sa.CheckConstraint("state <> 'withheld' OR reason IS NOT NULL", name="ck_concern_photo_withheld_has_reason"),
        sa.CheckConstraint("state IN ('held', 'shown', 'withheld')", name="ck_concern_photo_state"),
        sa.CheckConstraint(f"reason IN ({listed(REASONS)})", name="ck_concern_photo_reason"),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["concern.id"], name="fk_concern_photo_concern_id_concern", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_concern_photo_person_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_concern_photo"),
        sa.UniqueConstraint("uuid", name="uq_concern_photo_uuid"),
    )
    op.create_index("ix_concern_photo_concern_id", "concern_photo", ["concern_id"])
    op.create_index("ix_concern_photo_state", "concern_photo", ["state"])
    op.create_table(
        "concern_outcome",
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("answerer", sa.LargeBinary(length=32), nullable=False),
        sa.Column("answer", sa.String(length=32), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.CheckConstraint("length(answerer) = 32", name="ck_concern_outcome_answerer_length"),
        sa.CheckConstraint(f"answer IN ({listed(RESIDENTS_WORDS)})", name="ck_concern_outcome_answer"),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["concern.id"], name="fk_concern_outcome_concern_id_concern", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("concern_id", "answerer", name="pk_concern_outcome"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "answer_template",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("status", sa.String(length=32), nullable=True),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("text <> ''", name="ck_answer_template_says_something"),
        sa.CheckConstraint(f"status IN ({listed(STATUSES)})", name="ck_answer_template_status"),
        sa.PrimaryKeyConstraint("id", name="pk_answer_template"),
        sa.UniqueConstraint("name", name="uq_answer_template_name"),
    )


def create_tables_of_mail() -> None:
    digests = "length(address_digest) = 32 AND length(link_digest) = 32"
    op.create_table(
        "sign_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("address_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("link_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("signed_up_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(digests, name="ck_sign_up_digest_length"),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name="fk_sign_up_activity_id_activity", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_sign_up"),
        sa.UniqueConstraint("activity_id", "address_digest", name="uq_sign_up_activity_id_address_digest"),
        sa.UniqueConstraint("link_digest", name="uq_sign_up_link_digest"),
    )
    op.create_table(
        "reader",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("address_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("link_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(digests, name="ck_reader_digest_length"),
        sa.PrimaryKeyConstraint("id", name="pk_reader"),
        sa.UniqueConstraint("address_digest", name="uq_reader_address_digest"),
        sa.UniqueConstraint("link_digest", name="uq_reader_link_digest"),
    )
    op.create_table(
        "following",
        sa.Column("reader_id", sa.Integer(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["reader_id"], ["reader.id"], name="fk_following_reader_id_reader", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["concern.id"], name="fk_following_concern_id_concern", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("reader_id", "concern_id", name="pk_following"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_following_concern_id", "following", ["concern_id"])
    op.create_table(
        "mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("reader_id", sa.Integer(), nullable=True),
        sa.Column("message", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "(state IN ('waiting', 'sending')) = (message IS NOT NULL)", name="ck_mail_message_until_sent"
        ),
        sa.CheckConstraint("attempts >= 0", name="ck_mail_not_negative"),
        sa.CheckConstraint("kind IN ('confirmation', 'digest', 'sign_up', 'relay')", name="ck_mail_kind"),
        sa.CheckConstraint("state IN ('waiting', 'sending', 'sent', 'given_up')", name="ck_mail_state"),
        sa.ForeignKeyConstraint(["reader_id"], ["reader.id"], name="fk_mail_reader_id_reader", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_mail"),
        sa.UniqueConstraint("key", name="uq_mail_key"),
    )
    op.create_index("ix_mail_reader_id", "mail", ["reader_id"])
    op.create_index("ix_mail_state", "mail", ["state"])
