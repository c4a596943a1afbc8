"""What is to be run, read for a command that looks: such a one can find out which Business Center a name stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.runner.cli.frame import busy, complain
from bcflow.runner.cli.running.slot import one_slot
from bcflow.runner.jobfiles.source import read_order

if TYPE_CHECKING:
    from bcflow.runner.config.settings import Settings
    from bcflow.runner.jobfiles.source import Order, Wanted


def named_order(wanted: Wanted, settings: Settings, *, wait: bool) -> Order:
    """Return the tasks asked for; a Business Center that is named is looked up, and its id told at once.

    `wait`: for a login that another process has. Raises what `read_order` raises.
    """

    def centers(login: str) -> list[tuple[str, str]]:
        settings.make_home()
        with one_slot(settings, login, doing="a look at its Business Centers", wait=wait) as slot:
            found = slot.call("whoami", {"whole": True})["business_centers"]
        return [(each["id"], each["name"]) for each in found]

    order = read_order(
        wanted, settings, centers=centers, reading=lambda: busy(f"reading {wanted.sheet or wanted.target}")
    )
    for name, org in order.named:
        complain(f"“{name}” is Business Center {org}")
    return order
