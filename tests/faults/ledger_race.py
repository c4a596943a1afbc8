"""What several processes do at once to one ledger."""

from __future__ import annotations

from contextlib import closing
from multiprocessing.connection import Connection

from bcflow.models.errors import BcflowError
from bcflow.models.looks import Effect
from bcflow.runner.storage.ledger import Ledger
from tests.support.signed_in_home import processes
from tests.support.waiting import SOON

ORIGIN = "http://127.0.0.1:1"


def arm_when_told(url: str, effect: Effect, line: Connection) -> None:
    """Open the ledger and look the effect up, then arm it, each when told; say how far it came."""
    line.send("here")
    line.recv()
    try:
        with closing(Ledger(url)) as ledger:
            entry = ledger.prepare(ORIGIN, effect, run="one of many")
            line.send("ready")
            line.recv()
            ledger.arm([(entry, effect)], run="one of many", before=())
            line.send("armed")
    except BcflowError as error:
        line.send(f"{type(error).__name__}: {error}")


def race(url: str, effect: Effect, many: int) -> list[str]:
    """Let `many` processes open the ledger and want `effect` at one moment, then arm it at another.

    Returns what became of each, sorted.
    """
    lines, started = [], []
    for _ in range(many):
        ours, theirs = processes.Pipe()
        child = processes.Process(target=arm_when_told, args=(url, effect, theirs), daemon=True)
        child.start()
        lines.append(ours)
        started.append(child)
    assert _all_at_once(lines) == ["here"] * many
    assert _all_at_once(lines) == ["ready"] * many
    said = _all_at_once(lines)
    for child in started:
        child.join()
    return sorted(said)


def _all_at_once(lines: list[Connection]) -> list[str]:
    """Hear what every process has come to, then let all of them go on."""
    said = []
    for line in lines:
        assert line.poll(SOON)
        said.append(line.recv())
    for line, word in zip(lines, said, strict=True):
        if word in {"here", "ready"}:
            line.send("go")
    return said
