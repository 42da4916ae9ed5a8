"""The tables of the ledger. They hold ids, file names, hashes and counts, never a value."""

from dataclasses import fields
from typing import Any

import sqlalchemy as sa

from pipelines.account import Account, Reason
from pipelines.corrections import State
from pipelines.errors import Refusal

METADATA = sa.MetaData()
SCHEMA_VERSION = "2"
_STATE_TYPES: dict[str, type[sa.types.TypeEngine[Any]]] = {
    "rule_version": sa.Integer,
    "changed_run": sa.Integer,
    **dict.fromkeys(("first_seen", "since", "last_seen"), sa.Date),
}


def _table(name: str, *columns: sa.Column[Any]) -> sa.Table:
    return sa.Table(name, METADATA, *columns)


META = _table(
    "meta", sa.Column("key", sa.Text, primary_key=True), sa.Column("value", sa.Text, nullable=False)
)
SEEN = _table(
    "seen_file",  # so that an unchanged file is not hashed again
    sa.Column("path", sa.Text, primary_key=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("mtime_ns", sa.BigInteger, nullable=False),
    sa.Column("content_hash", sa.Text, nullable=False),
)
SIGHTING = _table(
    "sighting",  # one row per change of what a name holds; never changed, never removed
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("network_id", sa.Text, nullable=False),
    sa.Column("centre_id", sa.Text, nullable=False),
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("content_hash", sa.Text, nullable=False),
    sa.Column("data_hash", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("first_seen", sa.DateTime, nullable=False),
)
DELIVERY = _table(
    "delivery",
    sa.Column("network_id", sa.Text, primary_key=True),
    sa.Column("delivery_id", sa.Text, primary_key=True),
    sa.Column("centre_id", sa.Text, nullable=False),
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("content_hash", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("file_index", sa.Integer, nullable=False),
    sa.Column("exported", sa.Date),
    sa.Column("part", sa.Integer),
    sa.Column("data_hash", sa.Text, nullable=False),
    sa.Column("version_number", sa.Integer, nullable=False),
    sa.Column("parts", sa.Integer),
    sa.Column("mode", sa.Text, nullable=False),
    sa.Column("is_current", sa.Boolean, nullable=False),
    sa.Column("first_seen", sa.DateTime, nullable=False),
)
HOLD = _table(
    "hold",
    sa.Column("network_id", sa.Text, primary_key=True),
    sa.Column("hold_id", sa.Text, primary_key=True),
    sa.Column("centre_id", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("delivery_ids", sa.JSON, nullable=False),
    sa.Column("claims", sa.JSON, nullable=False),  # each delivery with the version that its name claims
    sa.Column("facts", sa.JSON, nullable=False),
    sa.Column("opened_run", sa.Integer, nullable=False),
    sa.Column("status", sa.Text, nullable=False),  # open, approved, rejected, resolved
    sa.Column("chosen", sa.Text),
    sa.Column("by", sa.Text),
    sa.Column("reason", sa.Text),
    sa.Column("decided", sa.DateTime),
)
ACCEPTANCE = _table(
    "acceptance",  # one row each time another staging of a centre becomes the accepted one
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("network_id", sa.Text, nullable=False),
    sa.Column("run_id", sa.Integer, nullable=False),
    sa.Column("centre_id", sa.Text, nullable=False),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("patients", sa.BigInteger, nullable=False),
)
RUN = _table(
    "run",
    sa.Column("run_id", sa.Integer, primary_key=True),
    sa.Column("network_id", sa.Text, nullable=False),
    sa.Column("started", sa.DateTime, nullable=False),
    sa.Column("ended", sa.DateTime),
    sa.Column("outcome", sa.Text),  # published, unchanged, failed; empty while it runs
    sa.Column("fingerprint", sa.Text),
)
STEP = _table(
    "step",
    sa.Column("run_id", sa.Integer, nullable=False),
    sa.Column("step", sa.Text, nullable=False),
    sa.Column("centre_id", sa.Text),
    sa.Column("was_computed", sa.Boolean, nullable=False),
    sa.Column("seconds", sa.Double, nullable=False),
    sa.Column("peak_mb", sa.Double, nullable=False),
)
ACCOUNT = _table(
    "account",
    sa.Column("run_id", sa.Integer, nullable=False),
    sa.Column("step", sa.Text, nullable=False),
    sa.Column("table", sa.Text, nullable=False),
    sa.Column("centre_id", sa.Text),
    sa.Column("delivery_id", sa.Text),
    *(
        sa.Column(f.name, sa.BigInteger, nullable=False)
        for f in fields(Account)
        if f.name.startswith("rows_")
    ),
)
ACCOUNT_REASON = _table(
    "account_reason",
    sa.Column("run_id", sa.Integer, nullable=False),
    *(sa.Column(f.name, sa.Text) for f in fields(Reason) if f.name != "rows"),
    sa.Column("rows", sa.BigInteger, nullable=False),
)
REFUSAL = _table(
    "refusal",
    sa.Column("run_id", sa.Integer, nullable=False),
    *(sa.Column(field.name, sa.Text) for field in fields(Refusal)),
)
FINDING = _table(
    "finding",  # one row per finding ever raised; hashes and ids only
    sa.Column("network_id", sa.Text, primary_key=True),
    *(
        sa.Column(f.name, _STATE_TYPES.get(f.name, sa.Text)(), primary_key=f.name == "finding_id",
                  nullable=f.name in ("table_name", "field"))
        for f in fields(State)
    ),
)  # fmt: skip
FINDING_ANSWER = _table(
    "finding_answer",  # never changed, never removed; the last one of a finding counts
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("network_id", sa.Text, nullable=False),
    sa.Column("finding_id", sa.Text, nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("rule_version", sa.Integer, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("answered", sa.DateTime, nullable=False),
)
FINDING_NIGHT = _table(
    "finding_night",  # the data of which the findings were last settled
    sa.Column("network_id", sa.Text, primary_key=True),
    sa.Column("fingerprint", sa.Text, nullable=False),
)
SNAPSHOT = _table(
    "snapshot",
    sa.Column("network_id", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("run_id", sa.Integer, nullable=False),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("content_hash", sa.Text, nullable=False),
    sa.Column("published", sa.DateTime, nullable=False),
    sa.Column("patients", sa.BigInteger, nullable=False),
    sa.Column("tumours", sa.BigInteger, nullable=False),
    sa.Column("is_synthetic", sa.Boolean, nullable=False),
)
EXPECTATION = _table(
    "expectation",  # one row per expectation, run and engine; a failed one too, of a snapshot that was not published
    sa.Column("network_id", sa.Text, nullable=False),
    sa.Column("run_id", sa.Integer, primary_key=True),
    sa.Column("engine", sa.Text, primary_key=True),  # duckdb, postgresql
    sa.Column("suite", sa.Text, primary_key=True),
    sa.Column("expectation", sa.Text, primary_key=True),
    sa.Column("column_name", sa.Text, primary_key=True),  # its columns, or the rule
    sa.Column("table_name", sa.Text, nullable=False),
    sa.Column("snapshot", sa.Integer, nullable=False),
    sa.Column("stops_publication", sa.Boolean, nullable=False),
    sa.Column("success", sa.Boolean, nullable=False),
    sa.Column("judged_count", sa.BigInteger),
    sa.Column("unexpected_count", sa.BigInteger),
    sa.Column("is_error", sa.Boolean, nullable=False),
)
