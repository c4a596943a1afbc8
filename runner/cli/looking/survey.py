"""`bcflow survey`: what every screen is made of, in one file that may be given away."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from bcflow.runner.cli.frame import complain, document, load_settings, say
from bcflow.runner.cli.signin import business_center_id, only_one
from bcflow.runner.cli.wording.options import BusinessCenter, Json, Login, NoWait

if TYPE_CHECKING:
    from collections import Counter

    from bcflow.models.ui_check import Survey

_READ_ME: Final = """What is in this file
====================

bcflow visited the screens of a Business Center that can be reached without a write, with every write refused in the
browser. For each screen and form there is one JSON file: its outline, its buttons, fields, tabs and columns, its class
names, and its requests as host, method, path and the names and types of what they carry.

Names, addresses, ids and values are left out: a text that one of the site's answers holds is never kept, other texts
are kept as shapes ("Aa aa 9"). Read the files before you give them to anybody: nobody but you can know what is secret.

elements.json says of everything that the flows rely on how it stood: as expected, under what may be another word
(candidate), missing, or not reached and why.
"""


def survey(
    business_center: BusinessCenter = None,
    login: Login = "default",
    out: Annotated[Path | None, typer.Option("--out", help="The file to write.", metavar="FILE.zip")] = None,
    no_wait: NoWait = False,
    as_json: Json = False,
) -> None:
    """Keep what every screen is made of: one zip to give away. Those that can be reached without a write.

    Names, addresses, ids and values are left out; read it before you give it to anybody. Every write is refused in the
    browser. Exit 0: all was looked at; 1: something could not be, and the file says what.

    \b
    Example:
      bcflow survey --business-center 7123456789012345678 --out survey.zip
    """
    from bcflow.models.errors import BadInput
    from bcflow.models.ui_check import Survey
    from bcflow.runner.cli.running.slot import one_slot

    settings = load_settings()
    path = out or Path(f"bcflow-survey-{datetime.now(UTC):%Y%m%d-%H%M}.zip")
    if path.exists():
        raise BadInput([f"--out: {path} is there already"])
    wanted = business_center_id(business_center)
    with one_slot(settings, login, doing="survey", wait=not no_wait) as slot:
        request = {"business_center": wanted or only_one(slot)}
        found = Survey.model_validate(slot.call("survey", request))
    _write(found, path)
    counts = _counts(found)
    if as_json:
        document({"file": str(path), "screens": len(found.screens), "elements": counts, "could_not": found.could_not})
    else:
        say(f"{path}: {len(found.screens)} screens; " + ", ".join(f"{n} {name}" for name, n in counts.items()))
        say("Read it before you give it to anybody: names, addresses, ids and values are left out.")
        for line in found.could_not:
            complain(line)
    raise typer.Exit(1 if found.could_not else 0)


def _counts(found: Survey) -> Counter[str]:
    from collections import Counter

    return Counter(each.standing for each in found.elements)


def _write(found: Survey, path: Path) -> None:
    from bcflow.runner.checks.plain_files import state_name
    from bcflow.runner.redaction.private_files import write_private

    def plain(value: object) -> str:
        return json.dumps(value, ensure_ascii=False, indent=1)

    write_private(path, b"")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("README.txt", _READ_ME)
        file.writestr("survey.json", plain(found.model_dump(exclude={"screens", "elements"})))
        file.writestr("elements.json", plain([each.model_dump() for each in found.elements]))
        for each in found.screens:
            file.writestr(f"screens/{state_name(each.screen, each.state)}.json", plain(each.model_dump()))
