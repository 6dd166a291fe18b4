"""the first form of every table

Revision: 0001, after
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ballot",
        sa.Column("round_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column(
            "side",
            sa.Enum("residents", "officers", name="side", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.Column("tracker", sa.String(length=12), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("phone", "paper", "kiosk", name="channel", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.CheckConstraint("length(key) = 16", name=op.f("ck_ballot_key_length")),
        sa.PrimaryKeyConstraint("round_id", "key", name=op.f("pk_ballot")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_ballot_round_tracker", "ballot", ["round_id", "tracker"], unique=True)
    op.create_table(
        "beat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("precinct", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_beat")),
        sa.UniqueConstraint("code", name=op.f("uq_beat_code")),
    )
    op.create_table(
        "category",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("icon", sa.String(length=40), nullable=False),
        sa.Column("colour", sa.String(length=7), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category")),
        sa.UniqueConstraint("key", name=op.f("uq_category_key")),
    )
    op.create_table(
        "city",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("emergency_number", sa.String(length=20), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("is_demonstration", sa.Boolean(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_city_one_city")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_city")),
    )
    op.create_table(
        "import_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("file_name", sa.String(length=260), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    op.create_table(
        "log_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=64), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_entry")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_log_entry_subject", "log_entry", ["subject", "subject_id"], unique=False)
    op.create_table(
        "map_feature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("drawn", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_map_feature")),
    )
    op.create_index(op.f("ix_map_feature_kind"), "map_feature", ["kind"], unique=False)
    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("access", sa.String(length=300), nullable=False),
        sa.Column("wifi", sa.String(length=80), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "planned",
                "open",
                "closed",
                "minuted",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_meeting_starts_before_ends")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("uuid", name=op.f("uq_meeting_uuid")),
    )
    op.create_index(op.f("ix_meeting_starts_at"), "meeting", ["starts_at"], unique=False)
    op.create_index(op.f("ix_meeting_state"), "meeting", ["state"], unique=False)
    op.create_table(
        "partner",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("website", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
        sa.UniqueConstraint("name", name=op.f("uq_partner_name")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column(
            "side",
            sa.Enum(
                "residents", "officers", "neither", name="side", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    op.create_table(
        "sign_in_failure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failure")),
    )
    op.create_index(op.f("ix_sign_in_failure_digest"), "sign_in_failure", ["digest"], unique=False)
    op.create_table(
        "activity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=True),
        sa.Column("beat_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("description", sa.String(length=400), nullable=False),
        sa.Column("place", sa.String(length=160), nullable=False),
        sa.Column("rhythm", sa.String(length=120), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["beat_id"], ["beat.id"], name=op.f("fk_activity_beat_id")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_activity_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
    )
    op.create_index(op.f("ix_activity_beat_id"), "activity", ["beat_id"], unique=False)
    op.create_table(
        "beat_boundary",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("beat_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("polygon", sa.LargeBinary(), nullable=False),
        sa.Column("drawn", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "valid_from IS NULL OR valid_to IS NULL OR valid_from < valid_to",
            name=op.f("ck_beat_boundary_from_before_to"),
        ),
        sa.ForeignKeyConstraint(["beat_id"], ["beat.id"], name=op.f("fk_beat_boundary_beat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_beat_boundary")),
        sa.UniqueConstraint("beat_id", "valid_from", name=op.f("uq_beat_boundary_beat_id_valid_from")),
    )
    op.create_index(op.f("ix_beat_boundary_beat_id"), "beat_boundary", ["beat_id"], unique=False)
    op.create_table(
        "beat_figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("beat_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.CheckConstraint("value >= 0", name=op.f("ck_beat_figure_not_negative")),
        sa.ForeignKeyConstraint(["beat_id"], ["beat.id"], name=op.f("fk_beat_figure_beat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_beat_figure")),
        sa.UniqueConstraint("beat_id", "kind", "as_of", name=op.f("uq_beat_figure_beat_id_kind_as_of")),
    )
    op.create_table(
        "category_text",
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=op.f("fk_category_text_category_id")),
        sa.PrimaryKeyConstraint("category_id", "language", name=op.f("pk_category_text")),
    )
    op.create_table(
        "concern",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("beat_id", sa.Integer(), nullable=False),
        sa.Column("cell", sa.String(length=16), nullable=False),
        sa.Column(
            "place_kind",
            sa.Enum("home", "street", name="place_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("frequency", sa.String(length=20), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "new",
                "acknowledged",
                "investigating",
                "planned",
                "in_progress",
                "solved",
                "no_further_action",
                "duplicate",
                "referred",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("duplicate_of_id", sa.Integer(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("salt", sa.LargeBinary(length=16), nullable=True),
        sa.Column("follow_digest", sa.LargeBinary(length=32), nullable=True),
        sa.CheckConstraint(
            "erased_at IS NULL OR (text = '' AND salt IS NULL AND follow_digest IS NULL)",
            name=op.f("ck_concern_erased"),
        ),
        sa.CheckConstraint("length(text) <= 2000", name=op.f("ck_concern_text_length")),
        sa.ForeignKeyConstraint(["beat_id"], ["beat.id"], name=op.f("fk_concern_beat_id")),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=op.f("fk_concern_category_id")),
        sa.ForeignKeyConstraint(["duplicate_of_id"], ["concern.id"], name=op.f("fk_concern_duplicate_of_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern")),
        sa.UniqueConstraint("follow_digest", name=op.f("uq_concern_follow_digest")),
        sa.UniqueConstraint("uuid", name=op.f("uq_concern_uuid")),
    )
    op.create_index("ix_concern_beat_reported", "concern", ["beat_id", "reported_at"], unique=False)
    op.create_index("ix_concern_reported_category", "concern", ["reported_at", "category_id"], unique=False)
    op.create_index(op.f("ix_concern_status"), "concern", ["status"], unique=False)
    op.create_table(
        "goal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("summary", sa.String(length=600), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("scanning", sa.Text(), nullable=False),
        sa.Column("analysis", sa.Text(), nullable=False),
        sa.Column("response", sa.Text(), nullable=False),
        sa.Column("assessment", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "candidate",
                "adopted",
                "active",
                "achieved",
                "not_achieved",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "feasibility",
            sa.Enum("yes", "partly", "no", name="feasibility", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("feasibility_reason", sa.Text(), nullable=False),
        sa.Column("feasibility_by_id", sa.Integer(), nullable=True),
        sa.Column("feasibility_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("adopted_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_reason", sa.String(length=600), nullable=False),
        sa.Column("withdrawn_reason", sa.String(length=600), nullable=False),
        sa.CheckConstraint(
            "feasibility IS NULL OR feasibility_reason <> ''", name=op.f("ck_goal_feasibility_has_reason")
        ),
        sa.CheckConstraint(
            "state <> 'not_achieved' OR ended_reason <> ''", name=op.f("ck_goal_not_achieved_has_reason")
        ),
        sa.CheckConstraint("state <> 'withdrawn' OR withdrawn_reason <> ''", name=op.f("ck_goal_withdrawn_has_reason")),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=op.f("fk_goal_category_id")),
        sa.ForeignKeyConstraint(["feasibility_by_id"], ["person.id"], name=op.f("fk_goal_feasibility_by_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["person.id"], name=op.f("fk_goal_proposed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal")),
        sa.UniqueConstraint("uuid", name=op.f("uq_goal_uuid")),
    )
    op.create_index(op.f("ix_goal_state"), "goal", ["state"], unique=False)
    op.create_table(
        "incident",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("source_key", sa.String(length=120), nullable=False),
        sa.Column("category", sa.String(length=120), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("beat_id", sa.Integer(), nullable=True),
        sa.Column("stored_code", sa.String(length=32), nullable=False),
        sa.CheckConstraint("(longitude IS NULL) = (latitude IS NULL)", name=op.f("ck_incident_whole_point")),
        sa.ForeignKeyConstraint(["beat_id"], ["beat.id"], name=op.f("fk_incident_beat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    op.create_index("ix_incident_beat_category", "incident", ["beat_id", "category", "occurred_on"], unique=False)
    op.create_index("uq_incident_source", "incident", ["source", "source_key"], unique=True)
    op.create_table(
        "incident_month",
        sa.Column("beat_id", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=120), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("incidents", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["beat_id"], ["beat.id"], name=op.f("fk_incident_month_beat_id")),
        sa.PrimaryKeyConstraint("beat_id", "category", "month", name=op.f("pk_incident_month")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "log_link",
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["log_entry.id"], name=op.f("fk_log_link_entry_id")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_log_link")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_log_link_entry_id")),
    )
    op.create_table(
        "meeting_beat",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("beat_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["beat_id"], ["beat.id"], name=op.f("fk_meeting_beat_beat_id")),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_beat_meeting_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("meeting_id", "beat_id", name=op.f("pk_meeting_beat")),
    )
    op.create_index(op.f("ix_meeting_beat_beat_id"), "meeting_beat", ["beat_id"], unique=False)
    op.create_table(
        "minute",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("note", "decision", "promise", name="kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_minute_meeting_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minute")),
    )
    op.create_index(op.f("ix_minute_meeting_id"), "minute", ["meeting_id"], unique=False)
    op.create_table(
        "officer_posting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("beat_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("hours", sa.String(length=200), nullable=False),
        sa.CheckConstraint("valid_to IS NULL OR valid_from < valid_to", name=op.f("ck_officer_posting_from_before_to")),
        sa.ForeignKeyConstraint(["beat_id"], ["beat.id"], name=op.f("fk_officer_posting_beat_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_officer_posting_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer_posting")),
    )
    op.create_index(op.f("ix_officer_posting_beat_id"), "officer_posting", ["beat_id"], unique=False)
    op.create_table(
        "pass_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "side",
            sa.Enum("residents", "officers", name="side", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("commitments_hash", sa.String(length=64), nullable=False),
        sa.Column("minted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("size >= 1", name=op.f("ck_pass_batch_not_empty")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_pass_batch_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pass_batch")),
        sa.UniqueConstraint("meeting_id", "number", name=op.f("uq_pass_batch_meeting_id_number")),
    )
    op.create_table(
        "person_role",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "officer",
                "facilitator",
                "coordinator",
                "auditor",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_role_person_id")),
        sa.PrimaryKeyConstraint("person_id", "role", name=op.f("pk_person_role")),
    )
    op.create_table(
        "pulse_survey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("beat_id", sa.Integer(), nullable=False),
        sa.Column("wave_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("wording", sa.String(length=40), nullable=False),
        sa.Column(
            "sample",
            sa.Enum("random", "volunteer", name="sample", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("adults", sa.Integer(), nullable=False),
        sa.Column("invited", sa.Integer(), nullable=False),
        sa.CheckConstraint("adults > 0 AND invited >= 0", name=op.f("ck_pulse_survey_counts")),
        sa.ForeignKeyConstraint(["beat_id"], ["beat.id"], name=op.f("fk_pulse_survey_beat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pulse_survey")),
        sa.UniqueConstraint("beat_id", "wave_on", name=op.f("uq_pulse_survey_beat_id_wave_on")),
    )
    op.create_table(
        "round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=160), nullable=False),
        sa.Column("eligibility", sa.String(length=300), nullable=False),
        sa.Column("places", sa.SmallInteger(), nullable=False),
        sa.Column(
            "rule",
            sa.Enum("two_keys_turns", "lower_share", name="rule", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "mode",
            sa.Enum("meeting", "open_room", name="mode", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "shows",
            sa.Enum("after_closing", "live", name="shows", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "officers_figures",
            sa.Enum("sealed", "open", name="officers_figures", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "open",
                "closed",
                "paper",
                "sealed",
                "published",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("frozen", sa.Text(), nullable=False),
        sa.Column("frozen_hash", sa.String(length=64), nullable=False),
        sa.Column("tie_seed", sa.String(length=40), nullable=False),
        sa.Column("is_advisory", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "rule <> 'lower_share' OR officers_figures = 'open'", name=op.f("ck_round_lower_share_needs_open")
        ),
        sa.CheckConstraint(
            "state = 'draft' OR (frozen <> '' AND length(frozen_hash) = 64)", name=op.f("ck_round_frozen_when_open")
        ),
        sa.CheckConstraint("places >= 1", name=op.f("ck_round_has_places")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_round_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("meeting_id", "number", name=op.f("uq_round_meeting_id_number")),
        sa.UniqueConstraint("uuid", name=op.f("uq_round_uuid")),
    )
    op.create_index(op.f("ix_round_state"), "round", ["state"], unique=False)
    op.create_table(
        "service",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("beat_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("description", sa.String(length=400), nullable=False),
        sa.Column("needs", sa.String(length=300), nullable=False),
        sa.Column("hours", sa.String(length=120), nullable=False),
        sa.Column("languages", sa.String(length=120), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["beat_id"], ["beat.id"], name=op.f("fk_service_beat_id")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_service_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service")),
    )
    op.create_index(op.f("ix_service_beat_id"), "service", ["beat_id"], unique=False)
    op.create_table(
        "sign_in",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sign_in")),
    )
    op.create_index(op.f("ix_sign_in_expires_at"), "sign_in", ["expires_at"], unique=False)
    op.create_index(op.f("ix_sign_in_person_id"), "sign_in", ["person_id"], unique=False)
    op.create_table(
        "agenda_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_agenda_item_takes_time")),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_agenda_item_meeting_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_agenda_item_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_item")),
        sa.UniqueConstraint("meeting_id", "position", name=op.f("uq_agenda_item_meeting_id_position")),
    )
    op.create_table(
        "candidate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column("goal_uuid", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_candidate_goal_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_candidate_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate")),
        sa.UniqueConstraint("round_id", "goal_id", name=op.f("uq_candidate_round_id_goal_id")),
        sa.UniqueConstraint("round_id", "position", name=op.f("uq_candidate_round_id_position")),
    )
    op.create_table(
        "commitment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column(
            "party",
            sa.Enum(
                "residents", "officers", "partner", name="party", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("partner_id", sa.Integer(), nullable=True),
        sa.Column("owner", sa.String(length=120), nullable=False),
        sa.Column("deliverable", sa.String(length=300), nullable=False),
        sa.Column("done_means", sa.String(length=300), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "offered",
                "accepted",
                "unaccepted",
                "kept",
                "broken",
                "released",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("released_reason", sa.String(length=300), nullable=False),
        sa.CheckConstraint("(party = 'partner') = (partner_id IS NOT NULL)", name=op.f("ck_commitment_partner_named")),
        sa.CheckConstraint(
            "state <> 'released' OR released_reason <> ''", name=op.f("ck_commitment_released_has_reason")
        ),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_commitment_goal_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_commitment_partner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
        sa.UniqueConstraint("id", "party", name=op.f("uq_commitment_id_party")),
    )
    op.create_index("ix_commitment_goal", "commitment", ["goal_id"], unique=False)
    op.create_table(
        "concern_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "new",
                "acknowledged",
                "investigating",
                "planned",
                "in_progress",
                "solved",
                "no_further_action",
                "duplicate",
                "referred",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(text) <= 2000", name=op.f("ck_concern_answer_text_length")),
        sa.ForeignKeyConstraint(["concern_id"], ["concern.id"], name=op.f("fk_concern_answer_concern_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_concern_answer_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_concern_answer")),
    )
    op.create_index(op.f("ix_concern_answer_concern_id"), "concern_answer", ["concern_id"], unique=False)
    op.create_table(
        "concern_place",
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("officers_may_see", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(longitude IS NULL) = (latitude IS NULL)", name=op.f("ck_concern_place_whole_point")),
        sa.CheckConstraint("length(address) <= 300", name=op.f("ck_concern_place_address_length")),
        sa.ForeignKeyConstraint(
            ["concern_id"], ["concern.id"], name=op.f("fk_concern_place_concern_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("concern_id", name=op.f("pk_concern_place")),
    )
    op.create_table(
        "goal_beat",
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column("beat_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["beat_id"], ["beat.id"], name=op.f("fk_goal_beat_beat_id")),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_goal_beat_goal_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("goal_id", "beat_id", name=op.f("pk_goal_beat")),
    )
    op.create_index(op.f("ix_goal_beat_beat_id"), "goal_beat", ["beat_id"], unique=False)
    op.create_table(
        "goal_concern",
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["concern_id"], ["concern.id"], name=op.f("fk_goal_concern_concern_id")),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_goal_concern_goal_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("goal_id", "concern_id", name=op.f("pk_goal_concern")),
    )
    op.create_index(op.f("ix_goal_concern_concern_id"), "goal_concern", ["concern_id"], unique=False)
    op.create_table(
        "goal_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("sentence", sa.String(length=400), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_goal_event_goal_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goal_event")),
    )
    op.create_index(op.f("ix_goal_event_goal_id"), "goal_event", ["goal_id"], unique=False)
    op.create_table(
        "measure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("goal_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "incidents",
                "concerns",
                "pulse",
                "typed",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("category", sa.String(length=120), nullable=False),
        sa.Column("unit", sa.String(length=80), nullable=False),
        sa.Column(
            "direction",
            sa.Enum("down", "up", name="direction", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("baseline", sa.Double(), nullable=False),
        sa.Column("baseline_months", sa.Integer(), nullable=False),
        sa.Column("target", sa.Double(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "(direction = 'down' AND target < baseline) OR (direction = 'up' AND target > baseline)",
            name=op.f("ck_measure_target_is_better"),
        ),
        sa.CheckConstraint(
            "kind NOT IN ('incidents', 'concerns') OR category <> ''", name=op.f("ck_measure_counted_needs_category")
        ),
        sa.CheckConstraint("baseline >= 0 AND target >= 0", name=op.f("ck_measure_not_negative")),
        sa.CheckConstraint("starts_on < due_on", name=op.f("ck_measure_starts_before_due")),
        sa.ForeignKeyConstraint(["goal_id"], ["goal.id"], name=op.f("fk_measure_goal_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure")),
        sa.UniqueConstraint("goal_id", name=op.f("uq_measure_goal_id")),
    )
    op.create_table(
        "pass",
        sa.Column("commitment", sa.LargeBinary(length=32), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=True),
        sa.Column("is_void", sa.Boolean(), nullable=False),
        sa.CheckConstraint("length(commitment) = 32", name=op.f("ck_pass_commitment_length")),
        sa.ForeignKeyConstraint(["batch_id"], ["pass_batch.id"], name=op.f("fk_pass_batch_id")),
        sa.PrimaryKeyConstraint("commitment", name=op.f("pk_pass")),
        sa.UniqueConstraint("batch_id", "serial", name=op.f("uq_pass_batch_id_serial")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "pulse_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("after_dark", sa.Integer(), nullable=True),
        sa.Column("by_day", sa.Integer(), nullable=True),
        sa.Column("safety", sa.Integer(), nullable=True),
        sa.Column("respect", sa.Integer(), nullable=True),
        sa.Column("listens", sa.Integer(), nullable=True),
        sa.Column("compared", sa.Integer(), nullable=True),
        sa.Column("top_issue", sa.String(length=160), nullable=False),
        sa.CheckConstraint("after_dark BETWEEN 1 AND 4", name=op.f("ck_pulse_answer_after_dark")),
        sa.CheckConstraint("by_day BETWEEN 1 AND 4", name=op.f("ck_pulse_answer_by_day")),
        sa.CheckConstraint("compared BETWEEN -1 AND 1", name=op.f("ck_pulse_answer_compared")),
        sa.CheckConstraint("listens BETWEEN 0 AND 10", name=op.f("ck_pulse_answer_listens")),
        sa.CheckConstraint("respect BETWEEN 0 AND 10", name=op.f("ck_pulse_answer_respect")),
        sa.CheckConstraint("safety BETWEEN 0 AND 10", name=op.f("ck_pulse_answer_safety")),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["pulse_survey.id"], name=op.f("fk_pulse_answer_survey_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pulse_answer")),
    )
    op.create_index(op.f("ix_pulse_answer_survey_id"), "pulse_answer", ["survey_id"], unique=False)
    op.create_table(
        "pulse_invitation",
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("is_used", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["survey_id"], ["pulse_survey.id"], name=op.f("fk_pulse_invitation_survey_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("survey_id", "digest", name=op.f("pk_pulse_invitation")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "round_secret",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("pepper", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_secret_round_id")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_round_secret")),
    )
    op.create_table(
        "sealed_ballot",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("tracker", sa.String(length=12), nullable=False),
        sa.Column(
            "side",
            sa.Enum("residents", "officers", name="side", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_sealed_ballot_round_id")),
        sa.PrimaryKeyConstraint("round_id", "tracker", name=op.f("pk_sealed_ballot")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "side_count",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column(
            "side",
            sa.Enum("residents", "officers", name="side", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("issued", sa.Integer(), nullable=False),
        sa.Column("cast_ballots", sa.Integer(), nullable=False),
        sa.Column("blank_ballots", sa.Integer(), nullable=False),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "cast_ballots <= issued AND blank_ballots <= cast_ballots", name=op.f("ck_side_count_cast_within_issued")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_side_count_round_id")),
        sa.PrimaryKeyConstraint("round_id", "side", name=op.f("pk_side_count")),
    )
    op.create_table(
        "support",
        sa.Column("concern_id", sa.Integer(), nullable=False),
        sa.Column("device", sa.LargeBinary(length=16), nullable=False),
        sa.ForeignKeyConstraint(["concern_id"], ["concern.id"], name=op.f("fk_support_concern_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("concern_id", "device", name=op.f("pk_support")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "candidate_text",
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("summary", sa.String(length=600), nullable=False),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidate.id"], name=op.f("fk_candidate_text_candidate_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("candidate_id", "language", name=op.f("pk_candidate_text")),
    )
    op.create_table(
        "countersignature",
        sa.Column("commitment_id", sa.Integer(), nullable=False),
        sa.Column(
            "side",
            sa.Enum("residents", "officers", name="side", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "party",
            sa.Enum(
                "residents", "officers", "partner", name="party", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "verdict",
            sa.Enum(
                "offered",
                "accepted",
                "unaccepted",
                "kept",
                "broken",
                "released",
                name="verdict_word",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("verdict IN ('kept', 'broken')", name=op.f("ck_countersignature_verdict")),
        sa.CheckConstraint("side <> party", name=op.f("ck_countersignature_other_side")),
        sa.ForeignKeyConstraint(
            ["commitment_id", "party"],
            ["commitment.id", "commitment.party"],
            name=op.f("fk_countersignature_commitment_id_party"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_countersignature_person_id")),
        sa.PrimaryKeyConstraint("commitment_id", "side", name=op.f("pk_countersignature")),
    )
    op.create_table(
        "outcome",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=24), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=True),
        sa.Column("residents_key", sa.Boolean(), nullable=False),
        sa.Column("officers_key", sa.Boolean(), nullable=False),
        sa.Column("residents_approvals", sa.Integer(), nullable=False),
        sa.Column("officers_approvals", sa.Integer(), nullable=True),
        sa.CheckConstraint("(outcome = 'adopted') = (place IS NOT NULL)", name=op.f("ck_outcome_adopted_has_place")),
        sa.CheckConstraint(
            "outcome IN ('adopted', 'open_without_place', 'residents_only', 'officers_only', 'neither')",
            name=op.f("ck_outcome_outcome"),
        ),
        sa.CheckConstraint(
            "outcome NOT IN ('adopted', 'open_without_place') OR (residents_key AND officers_key)",
            name=op.f("ck_outcome_both_keys"),
        ),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidate.id"], name=op.f("fk_outcome_candidate_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_outcome_round_id")),
        sa.PrimaryKeyConstraint("round_id", "candidate_id", name=op.f("pk_outcome")),
        sa.UniqueConstraint("round_id", "place", name=op.f("uq_outcome_round_id_place")),
    )
    op.create_table(
        "reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("measure_id", sa.Integer(), nullable=False),
        sa.Column("read_on", sa.Date(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("source <> ''", name=op.f("ck_reading_has_source")),
        sa.CheckConstraint("value >= 0", name=op.f("ck_reading_not_negative")),
        sa.ForeignKeyConstraint(["measure_id"], ["measure.id"], name=op.f("fk_reading_measure_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reading_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading")),
        sa.UniqueConstraint("measure_id", "read_on", name=op.f("uq_reading_measure_id_read_on")),
    )
    create_triggers()


def downgrade() -> None:
    drop_triggers()
    op.drop_table("reading")
    op.drop_table("outcome")
    op.drop_table("countersignature")
    op.drop_table("candidate_text")
    op.drop_table("support")
    op.drop_table("side_count")
    op.drop_table("sealed_ballot")
    op.drop_table("round_secret")
    op.drop_table("pulse_invitation")
    op.drop_index(op.f("ix_pulse_answer_survey_id"), table_name="pulse_answer")
    op.drop_table("pulse_answer")
    op.drop_table("pass")
    op.drop_table("measure")
    op.drop_index(op.f("ix_goal_event_goal_id"), table_name="goal_event")
    op.drop_table("goal_event")
    op.drop_index(op.f("ix_goal_concern_concern_id"), table_name="goal_concern")
    op.drop_table("goal_concern")
    op.drop_index(op.f("ix_goal_beat_beat_id"), table_name="goal_beat")
    op.drop_table("goal_beat")
    op.drop_table("concern_place")
    op.drop_index(op.f("ix_concern_answer_concern_id"), table_name="concern_answer")
    op.drop_table("concern_answer")
    op.drop_index("ix_commitment_goal", table_name="commitment")
    op.drop_table("commitment")
    op.drop_table("candidate")
    op.drop_table("agenda_item")
    op.drop_index(op.f("ix_sign_in_person_id"), table_name="sign_in")
    op.drop_index(op.f("ix_sign_in_expires_at"), table_name="sign_in")
    op.drop_table("sign_in")
    op.drop_index(op.f("ix_service_beat_id"), table_name="service")
    op.drop_table("service")
    op.drop_index(op.f("ix_round_state"), table_name="round")
    op.drop_table("round")
    op.drop_table("pulse_survey")
    op.drop_table("person_role")
    op.drop_table("pass_batch")
    op.drop_index(op.f("ix_officer_posting_beat_id"), table_name="officer_posting")
    op.drop_table("officer_posting")
    op.drop_index(op.f("ix_minute_meeting_id"), table_name="minute")
    op.drop_table("minute")
    op.drop_index(op.f("ix_meeting_beat_beat_id"), table_name="meeting_beat")
    op.drop_table("meeting_beat")
    op.drop_table("log_link")
    op.drop_table("incident_month")
    op.drop_index("uq_incident_source", table_name="incident")
    op.drop_index("ix_incident_beat_category", table_name="incident")
    op.drop_table("incident")
    op.drop_index(op.f("ix_goal_state"), table_name="goal")
    op.drop_table("goal")
    op.drop_index(op.f("ix_concern_status"), table_name="concern")
    op.drop_index("ix_concern_reported_category", table_name="concern")
    op.drop_index("ix_concern_beat_reported", table_name="concern")
    op.drop_table("concern")
    op.drop_table("category_text")
    op.drop_table("beat_figure")
    op.drop_index(op.f("ix_beat_boundary_beat_id"), table_name="beat_boundary")
    op.drop_table("beat_boundary")
    op.drop_index(op.f("ix_activity_beat_id"), table_name="activity")
    op.drop_table("activity")
    op.drop_index(op.f("ix_sign_in_failure_digest"), table_name="sign_in_failure")
    op.drop_table("sign_in_failure")
    op.drop_table("person")
    op.drop_table("partner")
    op.drop_index(op.f("ix_meeting_state"), table_name="meeting")
    op.drop_index(op.f("ix_meeting_starts_at"), table_name="meeting")
    op.drop_table("meeting")
    op.drop_index(op.f("ix_map_feature_kind"), table_name="map_feature")
    op.drop_table("map_feature")
    op.drop_index("ix_log_entry_subject", table_name="log_entry")
    op.drop_table("log_entry")
    op.drop_table("import_run")
    op.drop_table("city")
    op.drop_table("category")
    op.drop_table("beat")
    op.drop_index("ix_ballot_round_tracker", table_name="ballot")
    op.drop_table("ballot")


APPEND_ONLY = ("log_entry", "log_link")

GOAL_IS_READY = """
    EXISTS (SELECT 1 FROM measure WHERE measure.goal_id = NEW.id)
    AND EXISTS (SELECT 1 FROM commitment c WHERE c.goal_id = NEW.id AND c.party = 'residents'
                AND c.state IN ('accepted', 'kept', 'broken'))
    AND EXISTS (SELECT 1 FROM commitment c WHERE c.goal_id = NEW.id AND c.party = 'officers'
                AND c.state IN ('accepted', 'kept', 'broken'))
"""
GOAL_NOT_READY = "a goal becomes active only with a measure and an accepted commitment of each side"

SIGNED_BY_THE_OTHERS = """
    (NEW.party = 'officers' OR EXISTS (SELECT 1 FROM countersignature s WHERE s.commitment_id = NEW.id
        AND s.side = 'officers' AND s.verdict = 'kept'))
    AND (NEW.party = 'residents' OR EXISTS (SELECT 1 FROM countersignature s WHERE s.commitment_id = NEW.id
        AND s.side = 'residents' AND s.verdict = 'kept'))
"""
NOT_SIGNED = "only the other side can countersign a commitment as kept"


def create_triggers() -> None:
    """What a CHECK cannot say, on both databases: the append-only log, activation of a goal, kept commitments."""
    if op.get_bind().dialect.name == "sqlite":
        for table in APPEND_ONLY:
            for change in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                    "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
                )
        for change, suffix in (("INSERT", "insert"), ("UPDATE OF state", "update")):
            op.execute(
                f"CREATE TRIGGER goal_active_{suffix} BEFORE {change} ON goal WHEN NEW.state = 'active' "
                f"AND NOT ({GOAL_IS_READY}) BEGIN SELECT RAISE(ABORT, '{GOAL_NOT_READY}'); END"
            )
            op.execute(
                f"CREATE TRIGGER commitment_kept_{suffix} BEFORE {change} ON commitment WHEN NEW.state = 'kept' "
                f"AND NOT ({SIGNED_BY_THE_OTHERS}) BEGIN SELECT RAISE(ABORT, '{NOT_SIGNED}'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$BEGIN RAISE EXCEPTION 'the log is append-only' USING ERRCODE = 'check_violation'; END$$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    for table, state, ready, sentence in (
        ("goal", "active", GOAL_IS_READY, GOAL_NOT_READY),
        ("commitment", "kept", SIGNED_BY_THE_OTHERS, NOT_SIGNED),
    ):
        op.execute(
            f"CREATE FUNCTION check_{table}_{state}() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN "
            f"IF NEW.state = '{state}' AND NOT ({ready}) THEN "
            f"RAISE EXCEPTION '{sentence}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END$$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_{state} BEFORE INSERT OR UPDATE OF state ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION check_{table}_{state}()"
        )


def drop_triggers() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in APPEND_ONLY:
            op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        for table, state in (("goal", "active"), ("commitment", "kept")):
            op.execute(f"DROP TRIGGER {table}_{state} ON {table}")
            op.execute(f"DROP FUNCTION check_{table}_{state}()")
        op.execute("DROP FUNCTION refuse_change()")
