"""`python -m standin`: both sites until a signal, or until stdin closes with `--with-parent`."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
import webbrowser
from typing import Any

from standin import seed
from standin.seed import build
from standin.server import StandIn
from standin.stranger.truth import describe
from standin.switches import parse_axis


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m standin", description="A local fake of TikTok Business Center.")
    parser.add_argument("--bc-port", type=int, default=0, help="port of the Business Center site; 0: a free one")
    parser.add_argument("--ads-port", type=int, default=0, help="port of the Ads Manager and login site")
    parser.add_argument("--seed", type=int, default=1, help="seed of the ids and codes made later")
    parser.add_argument("--edition", help="2026 or 2024")
    parser.add_argument("--language", help="en, vi, de, ja, es or id")
    parser.add_argument(
        "--axis", action="append", default=[], metavar="NAME=VALUE", help="a variation; may be repeated"
    )
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="NAME[=VALUE][:KIND[:COUNT]]",
        help="a fault; may be repeated",
    )
    parser.add_argument("--stranger", type=_seed, default=0, metavar="SEED", help="words and looks that nobody knows")
    parser.add_argument("--describe", action="store_true", help="say what the stranger has, as JSON, and end")
    parser.add_argument("--for-person", action="store_true", help="print for a person, not as JSON")
    parser.add_argument("--open", action="store_true", help="show it in this machine's browser")
    parser.add_argument("--with-parent", action="store_true", help="end when stdin closes")
    return parser.parse_args()


def _seed(text: str) -> int:
    number = int(text)
    if number < 1:
        message = "a stranger's seed is 1 or more"
        raise argparse.ArgumentTypeError(message)
    return number


def _for_a_person(site: StandIn) -> str:
    """Return how to use it: addresses, a login, what to try."""
    return f"""\
A stand-in for TikTok Business Center answers until you press Ctrl-C.

  Business Center  {site.bc_url}
  Ads Manager      {site.ads_url}
  login            {seed.EMAIL}
  password         {seed.PASSWORD}

Point bcflow at it, in another terminal:

  export BCFLOW_BUSINESS_CENTER_URL={site.bc_url}
  export BCFLOW_ADS_MANAGER_URL={site.ads_url}
  export BCFLOW_EMAIL={seed.EMAIL} BCFLOW_PASSWORD='{seed.PASSWORD}'
  export BCFLOW_HOME="$(mktemp -d)"

Three things to try:

  bcflow whoami
  bcflow list members --business-center {seed.NORTHWIND}
  bcflow run invite-member --business-center {seed.NORTHWIND} --email ana@acme.example --role standard
"""


def _ending(*, with_parent: bool) -> threading.Event:
    """Return the event that a signal, or the end of stdin, sets."""
    end = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: end.set())
    if with_parent:

        def watch() -> None:
            # Not through sys.stdin: its lock would still be held when the program ends by a signal.
            while os.read(0, 4096):
                pass
            end.set()

        threading.Thread(target=watch, daemon=True).start()
    return end


def main() -> int:
    """Run the stand-in; prints its addresses as one JSON line when both sites answer."""
    given = _arguments()
    axes = [f"{name}={value}" for name, value in (("edition", given.edition), ("language", given.language)) if value]
    try:
        if given.describe:
            chosen = dict(parse_axis(text) for text in axes + given.axis)
            _say(describe(build(axes=chosen, stranger=given.stranger)))
            return 0
        standin = StandIn(
            bc_port=given.bc_port,
            ads_port=given.ads_port,
            seed=given.seed,
            axes=axes + given.axis,
            faults=given.fault,
            stranger=given.stranger,
        )
    except (ValueError, RuntimeError, OSError) as error:
        print(f"standin: {error}", file=sys.stderr)  # noqa: T201 - a command line program
        return 2
    end = _ending(with_parent=given.with_parent)
    with standin:
        if given.for_person:
            print(_for_a_person(standin), flush=True)  # noqa: T201 - a command line program
        else:
            _say({"bc": standin.bc_url, "ads": standin.ads_url, "control": standin.control})
        if given.open:
            webbrowser.open(standin.bc_url)
        end.wait()
    return 0


def _say(what: dict[str, Any]) -> None:
    print(json.dumps(what, ensure_ascii=False), flush=True)  # noqa: T201 - the line a program reads


if __name__ == "__main__":
    sys.exit(main())
