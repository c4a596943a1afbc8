"""What is to be run, read for a command that looks: such a one can find out what a name stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.runner.cli.frame import busy, complain
from bcflow.runner.cli.running.slot import one_slot
from bcflow.runner.jobfiles.source import read_order

if TYPE_CHECKING:
    from bcflow.models.named import Found, Namespace
    from bcflow.runner.config.settings import Settings
    from bcflow.runner.jobfiles.source import Order, Wanted


def named_order(wanted: Wanted, settings: Settings, *, wait: bool) -> Order:
    """Return the tasks asked for; what is named in them is looked up, and its id told at once.

    `wait`: for a login that another process has. Raises what `read_order` raises.
    """

    def look(space: Namespace) -> Found:
        settings.make_home()
        with one_slot(settings, space.login, doing=f"a look at the {space.kind}s of {space.owner}", wait=wait) as slot:
            if space.business_center:
                asked = {"what": "ad-accounts", "business_center": space.business_center}
                return [(each["aadvid"], each["name"]) for each in slot.call("list", asked)["rows"]]
            found = slot.call("whoami", {"whole": True})["business_centers"]
        return [(each["id"], each["name"]) for each in found]

    order = read_order(wanted, settings, look=look, reading=lambda: busy(f"reading {wanted.sheet or wanted.target}"))
    for space, name, found in order.named:
        complain(f"“{name}” is {space.kind} {found}")
    return order
