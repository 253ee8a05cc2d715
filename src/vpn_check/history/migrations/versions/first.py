"""The tables of the first release that keeps a history."""

import sqlalchemy as sa
from alembic import op

from vpn_check.history.schema import Moment

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make all tables."""
    op.create_table(
        "device",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False, unique=True),
        sa.Column("site", sa.Text),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("polled_at", Moment(), nullable=False),
        sa.Column("answered_at", Moment()),
        sqlite_with_rowid=True,
    )
    op.create_table(
        "memory",
        sa.Column("device_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=True,
    )
    op.create_table(
        "tunnel",
        sa.Column("device_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("slot", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("peer", sa.Text),
        sa.Column("interface", sa.Text),
        sa.Column("local_ident", sa.Text),
        sa.Column("remote_ident", sa.Text),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("present", sa.Boolean, nullable=False),
        sa.Column("seen_at", Moment()),
        sa.Column("left_at", Moment()),
        sa.UniqueConstraint("device_id", "key", name="tunnel_key"),
        sqlite_with_rowid=True,
    )
    op.create_index("tunnel_peer", "tunnel", ["peer"])
    op.create_table(
        "cycle",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False, unique=True),
        sa.Column("at", Moment(), nullable=False),
        sqlite_with_rowid=True,
    )
    op.create_index("cycle_at", "cycle", ["at"])
    op.create_table(
        "poll",
        sa.Column("cycle_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("device_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("fault_step", sa.Text),
        sa.Column("fault_code", sa.Text),
        sa.Column("fault_message", sa.Text),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "block",
        sa.Column("device_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("chunk", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("span", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "alarm",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("device", sa.Text),
        sa.Column("peer", sa.Text),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("began", Moment(), nullable=False),
        sa.Column("raised_at", Moment(), nullable=False),
        sa.Column("cleared_at", Moment()),
        sa.Column("root", sa.Text),
        sa.Column("evidence", sa.Text),
        sa.Column("told_raised", sa.Boolean, nullable=False),
        sa.Column("told_cleared", sa.Boolean, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=True,
    )
    op.create_index("alarm_cleared_at", "alarm", ["cleared_at"])
    op.create_index("alarm_told", "alarm", ["told_cleared", "told_raised"])
    op.create_table(
        "change",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("device_id", sa.Integer, nullable=False),
        sa.Column("key", sa.Text),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
        sqlite_with_rowid=True,
    )
    op.create_index("change_device", "change", ["device_id", "at"])
    op.create_table(
        "evidence",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("device", sa.Text, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=True,
    )
    op.create_index("evidence_at", "evidence", ["at"])
    op.create_table(
        "baseline",
        sa.Column("device_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=True,
    )
    op.create_table(
        "refusal",
        sa.Column("print", sa.Text, primary_key=True),
        sa.Column("device", sa.Text, primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("next_try", Moment()),
        sqlite_with_rowid=True,
    )
    op.create_table(
        "upkeep",
        sa.Column("what", sa.Text, primary_key=True),
        sa.Column("upto", Moment(), nullable=False),
        sqlite_with_rowid=True,
    )
