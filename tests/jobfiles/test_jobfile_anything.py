"""Whatever stands in a job file: jobs, or reasons why not, never a traceback."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bcflow.models.broken_text import is_broken
from bcflow.models.errors import BadInput
from bcflow.models.identity import canonical_name, check_seen, quotes_round, trim
from bcflow.runner.jobfiles.jobfile import JobFile, read

BC = "7123456789012345678"
one_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def read_text(folder: Path, content: bytes) -> JobFile:
    path = folder / "jobs.yaml"
    path.write_bytes(content)
    return read(path)


def reasons(attempt: Callable[[], object]) -> list[str]:
    """Return why the attempt was refused, or nothing."""
    try:
        attempt()
    except BadInput as error:
        return error.problems
    return []


pieces = st.sampled_from(
    [
        *(
            "jobs:",
            "\n",
            "  - ",
            "{",
            "}",
            "[",
            "]",
            "flow: ",
            "invite-member",
            "email: ",
            "a@b.example",
            "role: admin",
        ),
        *(
            "&a ",
            "*a",
            "!!str ",
            "!x ",
            "? ",
            ": ",
            "|",
            ">",
            "'",
            '"',
            "---",
            "\t",
            "${a.aadvid}",
            ", ",
            "#",
            "<<: ",
        ),
        *("%", "\ud7ff", "\x00", "7.0E+1", "~", BC, "id: a", "-"),
    ]
)
files = st.one_of(st.binary(max_size=200), st.lists(pieces, max_size=30).map(lambda parts: "".join(parts).encode()))


@one_folder
@given(files)
def test_any_bytes_are_jobs_or_reasons(tmp_path: Path, content: bytes) -> None:
    why = reasons(lambda: read_text(tmp_path, content))
    assert all(line and "\n" not in line for line in why)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.sampled_from([BC, "${a.aadvid}", "admin"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
keys = st.sampled_from(
    ["flow", "id", "email", "role", "aadvid", "ad_accounts", "business_center", "login", "note", "x"]
)
flows = st.sampled_from(["invite-member", "add-ad-account", "create-ad-account", "nope"])


@one_folder
@given(st.lists(st.dictionaries(keys, values, max_size=6) | values, max_size=4), flows)
def test_any_values_are_jobs_or_reasons(tmp_path: Path, jobs: list[Any], flow: str) -> None:
    for job in jobs:
        if isinstance(job, dict):
            job.setdefault("flow", flow)
    text = json.dumps({"business_center": BC, "jobs": jobs}).encode()
    assert all(line.isprintable() for line in reasons(lambda: read_text(tmp_path, text)))


def is_name(text: str) -> bool:
    """Whether it can be typed as a name: one line, nothing hidden in it, not as a whole in quotes."""
    try:
        check_seen(text)
    except ValueError:
        return False
    if is_broken(text):
        return False
    return text.isprintable() and bool(trim(text)) and "${" not in text and not quotes_round(canonical_name(trim(text)))


names = st.text(min_size=1, max_size=100).filter(is_name)


@pytest.mark.nightly
@one_folder
@given(st.lists(names, min_size=1, max_size=5))
def test_what_was_written_is_what_is_read(tmp_path: Path, written: list[str]) -> None:
    jobs = [
        {"flow": "create-ad-account", "name": name, "id": f"j{n}", "client": str(n)} for n, name in enumerate(written)
    ]
    found = read_text(tmp_path, json.dumps({"business_center": BC, "jobs": jobs}).encode())
    assert [located.job.client for located in found.jobs] == [str(n) for n in range(len(written))]
    again = json.dumps({"jobs": [located.job.model_dump(exclude_none=True) for located in found.jobs]})
    assert [located.job for located in read_text(tmp_path, again.encode()).jobs] == [
        located.job for located in found.jobs
    ]
