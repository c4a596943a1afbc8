"""Every table of the database.

`queued` says that workers go on with a batch: one that waits for a person to agree or to resume it rests. A session
is a login's turn at a batch, `live` from the moment it is enqueued until it is over; its number goes up each time.
"""

from __future__ import annotations

from typing import Literal

import sqlalchemy as sa

Phase = Literal["look", "ask", "write", "ended"]
"""What comes next for a batch: to look at every job, to be agreed to, to write, or nothing."""

schema = sa.MetaData()

batches = sa.Table(
    "batches",
    schema,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("key", sa.String, unique=True),
    sa.Column("phase", sa.String, nullable=False),
    sa.Column("queued", sa.Boolean, nullable=False),
    sa.Column("cancelled", sa.String, nullable=False, server_default=""),
    sa.Column("logins", sa.JSON, nullable=False),
    sa.Column("terms", sa.JSON, nullable=False),
    sa.Column("record", sa.JSON, nullable=False),
    # Whose alone it is: the worker that `bcflow run` is. Empty for one that any worker takes.
    sa.Column("owner", sa.String, nullable=False, server_default=""),
    # Why less came of it than its runs say: see `bcflow.runner.batches.results`.
    sa.Column("held_back", sa.String, nullable=False, server_default=""),
)
runs = sa.Table(
    "runs",
    schema,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("batch", sa.ForeignKey("batches.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("client", sa.String),
    sa.Column("login", sa.String, nullable=False),
    sa.Column("job", sa.JSON, nullable=False),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("source", sa.String, nullable=False),
    sa.Column("rows", sa.JSON, nullable=False),
    sa.Column("ended", sa.Boolean, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("outcome", sa.String),
    sa.Column("waiting_for", sa.String),
    sa.Column("record", sa.JSON),
    # The latest attempt: look or run, and how often one began since the last one ended. Not 0: one is under way, or
    # its worker died.
    sa.Column("mode", sa.String, nullable=False, server_default=""),
    sa.Column("begun", sa.Integer, nullable=False, server_default="0"),
    # Write requests: sent so far, and the most that the attempt under way may send.
    sa.Column("writes", sa.Integer, nullable=False, server_default="0"),
    sa.Column("reserved", sa.Integer, nullable=False, server_default="0"),
    # Set if it waits for you before anything was seen: then its login can do nothing else either.
    sa.Column("blocks", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("ended_at", sa.String, nullable=False, server_default=""),
    # The words that it waits for, as the topics of their questions, a line each; and who gave those it goes on with.
    sa.Column("topic", sa.String, nullable=False, server_default=""),
    sa.Column("answered_by", sa.String, nullable=False, server_default=""),
)
sessions = sa.Table(
    "sessions",
    schema,
    # Empty: the login looks again at what waits for others.
    sa.Column("batch", sa.String, primary_key=True),
    sa.Column("login", sa.String, primary_key=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("live", sa.Boolean, nullable=False),
    sa.Column("due", sa.String, nullable=False),
    sa.Column("owner", sa.String, nullable=False, server_default=""),
)

effects = sa.Table(
    "effects",
    schema,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("origin", sa.String, nullable=False),
    sa.Column("business_center", sa.String, nullable=False),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("identity", sa.String, nullable=False),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("happened", sa.Boolean),
    sa.Column("want", sa.JSON, nullable=False),
    sa.Column("before", sa.JSON, nullable=False),
    sa.Column("site_id", sa.String),
    sa.Column("run", sa.String, nullable=False),
    sa.Column("words", sa.String, nullable=False, server_default=""),
    sa.UniqueConstraint("origin", "business_center", "kind", "identity"),
)

events = sa.Table(
    "events",
    schema,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("effect", sa.ForeignKey("effects.id"), nullable=False, index=True),
    sa.Column("at", sa.String, nullable=False),
    sa.Column("run", sa.String, nullable=False),
    sa.Column("event", sa.String, nullable=False),
    sa.Column("detail", sa.JSON, nullable=False),
)

questions = sa.Table(
    "questions",
    schema,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("login", sa.String, nullable=False),
    sa.Column("text", sa.String, nullable=False),
    sa.Column("secret", sa.Boolean, nullable=False),
    sa.Column("asked", sa.String, nullable=False),
    sa.Column("deadline", sa.String, nullable=False),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("answer", sa.LargeBinary),
    sa.Column("answered_by", sa.String, nullable=False, server_default=""),
    sa.Column("kind", sa.String, nullable=False, server_default="code"),
    sa.Column("batch", sa.String, nullable=False, server_default=""),
    sa.Column("run", sa.String, nullable=False, server_default=""),
    sa.Column("choices", sa.JSON, nullable=False, server_default="[]"),
    sa.Column("picture", sa.String, nullable=False, server_default=""),
    sa.Column("parked", sa.Boolean, nullable=False, server_default=sa.false()),
    # The flow whose first writes are asked about; empty for everything else.
    sa.Column("flow", sa.String, nullable=False, server_default=""),
    # Of words that nobody knows: what tells the same ones apart from others, and `bcflow.runner.storage.asked_words`.
    sa.Column("topic", sa.String, nullable=False, server_default=""),
    sa.Column("words", sa.JSON, nullable=False, server_default="{}"),
)

switches = sa.Table(
    "switches",
    schema,
    sa.Column("name", sa.String, primary_key=True),
    # {"kind", "on", "flow", "login"}; a switch that is off keeps who put it off, and when.
    sa.Column("value", sa.JSON, nullable=False),
    sa.Column("actor", sa.String, nullable=False),
    sa.Column("at", sa.String, nullable=False),
    sa.Column("why", sa.String, nullable=False),
)

audit_entries = sa.Table(
    "audit",
    schema,
    # Numbered here and not by the database, without gaps: a missing number is a missing entry.
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", sa.String, nullable=False),
    sa.Column("actor", sa.String, nullable=False),
    sa.Column("action", sa.String, nullable=False),
    sa.Column("subject", sa.String, nullable=False, index=True),
    # Kept as text: the hash is over what stands here, and a damaged entry can still be named.
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("previous", sa.String, nullable=False),
    sa.Column("hash", sa.String, nullable=False),
)

workers = sa.Table(
    "workers",
    schema,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("began", sa.String, nullable=False),
    # When it ended because nothing was left to do; empty for one that lives or ended in any other way.
    sa.Column("drained", sa.String, nullable=False),
)

leases = sa.Table(
    "leases",
    schema,
    sa.Column("login", sa.String, primary_key=True),
    sa.Column("host", sa.String, nullable=False),
    sa.Column("pid", sa.Integer, nullable=False),
    sa.Column("since", sa.String, nullable=False),
    sa.Column("doing", sa.String, nullable=False),
    sa.Column("token", sa.String, nullable=False),
    sa.Column("backend", sa.Integer, nullable=False),
)

expired_sign_ins = sa.Table(
    "expired_sign_ins",
    schema,
    sa.Column("login", sa.String, primary_key=True),
    sa.Column("at", sa.String, nullable=False),
)

follow_ups = sa.Table(
    "follow_ups",
    schema,
    sa.Column("run", sa.String, primary_key=True),
    sa.Column("login", sa.String, nullable=False),
    sa.Column("due", sa.String, nullable=False, index=True),
    sa.Column("looks", sa.Integer, nullable=False),
)
proofs = sa.Table(
    "proofs",
    schema,
    sa.Column("flow", sa.String, primary_key=True),
    sa.Column("site", sa.String, primary_key=True),
    sa.Column("language", sa.String, primary_key=True),
    sa.Column("first", sa.String, nullable=False),
    sa.Column("first_run", sa.String, nullable=False),
    sa.Column("last", sa.String, nullable=False),
    sa.Column("run", sa.String, nullable=False),
)
rehearsals = sa.Table(
    "rehearsals",
    schema,
    sa.Column("site", sa.String, primary_key=True),
    sa.Column("flow", sa.String, primary_key=True),
    # What of the flow's effects, and what the button that writes it was seen to send: verb and path without ids.
    sa.Column("effect", sa.String, primary_key=True),
    sa.Column("sends", sa.String, nullable=False),
    sa.Column("at", sa.String, nullable=False),
    sa.Column("run", sa.String, nullable=False),
)
languages = sa.Table(
    "languages",
    schema,
    # The language that the pages of a site last had for a login.
    sa.Column("site", sa.String, primary_key=True),
    sa.Column("login", sa.String, primary_key=True),
    sa.Column("language", sa.String, nullable=False),
)
learnt_words = sa.Table(
    "learnt_words",
    schema,
    # With SQLite what was taught is in a file instead: see `bcflow.runner.storage.labels`.
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("concept", sa.String, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("language", sa.String, nullable=False),
    sa.Column("site", sa.String, nullable=False),
    sa.Column("screen", sa.String, nullable=False),
    sa.Column("by", sa.String, nullable=False),
    sa.Column("at", sa.String, nullable=False),
    sa.Column("run", sa.String, nullable=False),
    sa.Column("picture", sa.String, nullable=False),
    sa.Column("state", sa.String, nullable=False),
)
denied_words = sa.Table(
    "denied_words",
    schema,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("concept", sa.String, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("site", sa.String, nullable=False),
    sa.Column("screen", sa.String, nullable=False),
    sa.Column("by", sa.String, nullable=False),
    sa.Column("at", sa.String, nullable=False),
)
