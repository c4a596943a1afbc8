"""Many invitations from one spreadsheet: time a row at the start and at the end, memory, beside a plain loop.

`python -m benchmarks.endurance --rows 500`. The batch is interrupted in its middle and resumed. The plain loop does
the same rows in plain Playwright with the same read-backs (`plain_playwright.py`), without a pause, as bcflow here.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from bcflow.pages.kit.lists.table import WALK_UP_TO
from benchmarks.duel import plain_side
from benchmarks.overhead import COMMAND, taken_by
from benchmarks.plain_page import AGENCY, CONTENT, DIALOG, SEARCH, Script, require
from benchmarks.sites import ROOT, Sites, sites_running
from standin import seed

ENDED = re.compile(r"^\[(\d+)/\d+\] . (done|waiting) ")


def main() -> int:
    """Measure, print one JSON document, and return 1 if a row did not end well."""
    parser = argparse.ArgumentParser(description="a long batch")
    parser.add_argument("--rows", type=int, default=500)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory(prefix="bcflow-endurance-") as folder, sites_running() as sites:
        home = Path(folder)
        sheet = home / "people.csv"
        with sheet.open("w", newline="") as file:
            csv.writer(file).writerows(
                [["email", "role"], *([f"p{n:04d}@acme.example", "standard"] for n in range(rows))]
            )
        times, memory, outcomes = _ours(home, sheet, sites, rows)
        sites.start_again()
        plain = _plain(sites, rows)
    tenth = max(rows // 5, 1)
    found: dict[str, Any] = {
        "rows": rows,
        "outcomes": {each: outcomes.count(each) for each in set(outcomes)},
        "seconds_a_row": {"first": median(times[:tenth]), "last": median(times[-tenth:]), "all": median(times)},
        "plain_seconds_a_row": {"first": median(plain[:tenth]), "last": median(plain[-tenth:]), "all": median(plain)},
        "mib": {"first": median(memory[:tenth]), "last": median(memory[-tenth:]), "most": max(memory)},
    }
    found["ratio"] = found["seconds_a_row"]["all"] / found["plain_seconds_a_row"]["all"]
    print(json.dumps(found, indent=2))
    return 0 if outcomes == ["waiting"] * rows else 1


def _ours(home: Path, sheet: Path, sites: Sites, rows: int) -> tuple[list[float], list[float], list[str]]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BCFLOW_")} | {
        "BCFLOW_HOME": str(home / "home"),
        "BCFLOW_BUSINESS_CENTER_URL": sites.addresses["bc"],
        "BCFLOW_ADS_MANAGER_URL": sites.addresses["ads"],
        "BCFLOW_EMAIL": seed.EMAIL,
        "BCFLOW_PASSWORD": seed.PASSWORD,
    }
    first = ["run", "invite-member", "--from", str(sheet), "--business-center", seed.NORTHWIND]
    times, memory = _watched([*first, "--yes", "--trust-first-write", "--json"], environment, stop_after=rows // 2)
    more_times, more_memory = _watched(["resume", "last", "--json"], environment, stop_after=0)
    shown = subprocess.run([COMMAND, "show", "last", "--json"], env=environment, capture_output=True, check=True)
    runs = json.loads(shown.stdout)
    for run in (one for one in runs if one["outcome"] != "waiting"):
        print(f"endurance: {run['job']} {run['outcome']}: {run['message']}", file=sys.stderr)
    return times + more_times, memory + more_memory, [run["outcome"] for run in runs]


def _watched(words: list[str], environment: dict[str, str], *, stop_after: int) -> tuple[list[float], list[float]]:
    """Run a command; return the seconds of every row it wrote and the memory after each; interrupt it if told to."""
    times, memory, before, writing = [], [], 0.0, False
    pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen([COMMAND, *words], cwd=ROOT, env=environment, **pipes) as process:  # type: ignore[call-overload]
        for line in process.stderr:
            now = perf_counter()
            if line.startswith("Writing:"):
                writing, before = True, now
            if not writing or not ENDED.match(line):
                continue
            times.append(now - before)
            memory.append(round(taken_by(process)["all"], 1))
            before = perf_counter()
            print(f"endurance: {len(times)} rows, {times[-1]:.2f} s", file=sys.stderr)
            if stop_after and len(times) >= stop_after:
                process.send_signal(signal.SIGINT)
                stop_after = 0
    return times, memory


def _plain(sites: Sites, rows: int) -> list[float]:
    times = []
    with plain_side(sites.addresses) as (script, _):
        for number in range(rows):
            began = perf_counter()
            _invite(script, f"p{number:04d}@acme.example")
            times.append(perf_counter() - began)
    return times


def _invite(script: Script, email: str) -> None:
    """Look, invite, look: a short list is walked, a long one searched; a known row is the control of an absence."""
    page = script.page
    require(not _listed(script, email), "no such member yet")
    script.require_place(AGENCY)
    page.get_by_role("button", name="Invite Member").click()
    dialog = page.locator(DIALOG)
    script.fill(dialog, "Enter the new member's email address", email)
    script.turn_on(dialog, "Standard")
    dialog.get_by_role("button", name="Next").click()
    dialog.get_by_role("button", name="Skip").click()
    dialog.wait_for(state="hidden")
    require(len(_listed(script, email)) == 1, "the invitation")


def _listed(script: Script, email: str) -> list[str]:
    script.open("/manage/users/members", seed.NORTHWIND)
    if script.sheet()["total"] <= WALK_UP_TO:
        return script.walk(until=email).having(email, "Pending")
    found = [row for row in _searched(script, email) if email in row and "Pending" in row]
    if not found:
        require(len(_searched(script, seed.EMAIL)) == 1, "the search finds a known row")
    return found


def _searched(script: Script, text: str) -> list[str]:
    before = script.sheet()["key"]
    script.page.locator(CONTENT).locator(SEARCH).fill(text)
    rows: list[str] = script.sheet(before=before)["rows"]
    return rows


if __name__ == "__main__":
    sys.exit(main())
