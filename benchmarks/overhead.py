"""What bcflow costs beside the browser's work: starting up, one ledger write, memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from statistics import median
from time import monotonic, perf_counter, sleep

from bcflow.models.looks import Effect
from bcflow.runner.batches.context import Turn
from bcflow.runner.engine.queue import Engine, Queue
from bcflow.runner.storage.database import Database
from bcflow.runner.storage.ledger import Ledger
from benchmarks.jobs import JOBS
from benchmarks.sites import ROOT, sites_running
from standin import seed

COMMAND = str(Path(sys.executable).with_name("bcflow"))
STARTS = 9
EFFECTS = 50
SAMPLE_SECONDS = 0.25
JOBS_SECONDS = 600.0
PARTS = ("runner", "driver", "browser", "all")


def seconds_to_start(*arguments: str, home: Path) -> float:
    """Return the median seconds of `bcflow` with these arguments, from start to end of its process."""
    environment = _environment(home)
    taken = []
    for _ in range(STARTS):
        began = perf_counter()
        subprocess.run([COMMAND, *arguments], env=environment, stdout=subprocess.DEVNULL, check=True)
        taken.append(perf_counter() - began)
    return median(taken)


def milliseconds_per_ledger_write(home: Path) -> float:
    """Return the median milliseconds of one durable ledger write, over the four an effect usually takes."""
    ledger = Ledger(f"sqlite:///{home / 'overhead.sqlite3'}")
    taken = []
    for number in range(EFFECTS):
        identity = f"{number}@bench.example"
        effect = Effect(kind="member", business_center=seed.NORTHWIND, identity=identity, want={"role": "admin"})
        began = perf_counter()
        entry = ledger.prepare("http://bench.example", effect, run="bench")
        ledger.arm([(entry, effect)], run="bench", before=())
        ledger.answered(entry, run="bench", detail={"status": 200, "code": 0})
        ledger.seen(entry, run="bench", site_id=None, have=effect.want)
        taken.append((perf_counter() - began) / 4 * 1000)
    ledger.close()
    return median(taken)


def milliseconds_per_dispatch(home: Path) -> float:
    """Return the median milliseconds from the call of a login to the begin of its turn: what the engine adds to each.

    Runs of one turn follow each other without it.
    """
    url = f"sqlite:///{home / 'engine.sqlite3'}"
    begun = threading.Event()
    taken = []
    with closing(Database(url)) as database, closing(Queue(url)) as queue:
        queue.prepare()
        engine = Engine(url, queue, executor="bench", owner="", slots=1, work=lambda _turn: begun.set())
        engine.start()
        for number in range(EFFECTS):
            begun.clear()
            began = perf_counter()
            with database.transaction() as connection:
                queue.enqueue(connection, Turn("bench", "default", number), 0.0)
            if not begun.wait(JOBS_SECONDS):
                raise RuntimeError("the engine took no turn")
            taken.append((perf_counter() - began) * 1000)
        engine.stop()
    return median(taken)


def memory_of_a_slot(home: Path) -> dict[str, float] | None:
    """Return the most memory (PSS, MiB) that `bcflow run` with all five jobs took, by part; None without /proc.

    The parts are each part's own peak; `all` is the peak of their sum.
    """
    if not Path("/proc/self/smaps_rollup").exists():
        return None
    file = home / "jobs.yaml"
    file.write_text(json.dumps({"jobs": [{"flow": flow, **job} for flow, job in JOBS.items()]}))
    with sites_running() as sites:
        environment = _environment(home) | {
            "BCFLOW_BUSINESS_CENTER_URL": sites.addresses["bc"],
            "BCFLOW_ADS_MANAGER_URL": sites.addresses["ads"],
            "BCFLOW_EMAIL": seed.EMAIL,
            "BCFLOW_PASSWORD": seed.PASSWORD,
        }
        command = [COMMAND, "run", str(file), "--yes", "--trust-first-write", "--json"]
        pipes = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with subprocess.Popen(command, cwd=ROOT, env=environment, **pipes) as process:  # type: ignore[call-overload]
            return _peaks(process)


def memory_of_plain_playwright() -> dict[str, float] | None:
    """Return the same for the five flows in plain Playwright: the same pages, and nothing of ours."""
    if not Path("/proc/self/smaps_rollup").exists():
        return None
    with sites_running() as sites:
        command = [sys.executable, "-m", "benchmarks.plain_alone", json.dumps(sites.addresses)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
            peaks = _peaks(process)
    if process.returncode:
        raise RuntimeError("the five flows in plain Playwright did not end well")
    return peaks


def memory_of_an_empty_page() -> dict[str, float] | None:
    """Return what Python, driver and browser take (PSS, MiB) with one empty page open; None without /proc."""
    if not Path("/proc/self/smaps_rollup").exists():
        return None
    command = [sys.executable, "-m", "benchmarks.empty_page"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        if process.stdout is None or process.stdout.readline().strip() != b"ready":
            raise RuntimeError("the browser with an empty page did not start")
        taken = taken_by(process)
        process.communicate(b"")
    return {part: round(size, 1) for part, size in taken.items()}


def _peaks(process: subprocess.Popen[bytes]) -> dict[str, float]:
    peaks = dict.fromkeys(PARTS, 0.0)
    end = monotonic() + JOBS_SECONDS
    while process.poll() is None and monotonic() < end:
        now = taken_by(process)
        peaks = {part: max(peaks[part], now[part]) for part in peaks}
        sleep(SAMPLE_SECONDS)
    process.kill()
    return {part: round(size, 1) for part, size in peaks.items()}


def taken_by(process: subprocess.Popen[bytes]) -> dict[str, float]:
    now = dict.fromkeys(PARTS, 0.0)
    for pid in _tree(process.pid):
        size = _pss(pid)
        now[_part(pid, process.pid)] += size
        now["all"] += size
    return now


def _tree(top: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            status = _read(entry / "stat").rpartition(") ")[2].split()
            if status:
                children.setdefault(int(status[1]), []).append(int(entry.name))
    found = [top]
    for pid in found:
        found += children.get(pid, [])
    return found


def _part(pid: int, top: int) -> str:
    if pid == top:
        return "runner"
    command = _read(Path(f"/proc/{pid}/cmdline")).replace("\0", " ")
    return "driver" if "cli.js" in command and "run-driver" in command else "browser"


def _pss(pid: int) -> float:
    lines = _read(Path(f"/proc/{pid}/smaps_rollup")).splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def _read(path: Path) -> str:
    """Return a file of /proc; a process that has just ended has none."""
    try:
        return path.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _environment(home: Path) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("BCFLOW_")}
    return ours | {"BCFLOW_HOME": str(home / "home")}
