"""What several processes do at once to one ledger."""

from __future__ import annotations

from contextlib import closing
from multiprocessing.connection import Connection

from bcflow.models.errors import BcflowError
from bcflow.models.looks import Effect
from bcflow.runner.ledger import Ledger

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
