"""The options that several commands have: one name, one meaning, one text."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from bcflow.runner.cli.wording import completion

FILTERS: Final = "Filters"
WRITING: Final = "Before it writes"
INPUTS: Final = "Inputs of the flow"
OUTPUT: Final = "Output"

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.", rich_help_panel=OUTPUT)]
Csv = Annotated[bool, typer.Option("--csv", help="Print a table as CSV on stdout.", rich_help_panel=OUTPUT)]
Force = Annotated[bool, typer.Option("--force", help="Write over a file that is there.", rich_help_panel=OUTPUT)]

_LOGIN: Final = typer.Option("--login", help="Which named login.", metavar="NAME", autocompletion=completion.logins)
Login = Annotated[str, _LOGIN]
LoginOrFile = Annotated[str | None, _LOGIN]
NoWait = Annotated[
    bool, typer.Option("--no-wait", help="If another bcflow uses this login: stop instead of waiting for it.")
]
BusinessCenter = Annotated[
    str | None, typer.Option("--business-center", help="Needed if the login has several.", metavar="ID")
]
UnusualId = Annotated[bool, typer.Option("--allow-unusual-id", help="Take ids that are not 19 digits.")]

DryRun = Annotated[bool, typer.Option("--dry-run", help="Only look; write nothing.", rich_help_panel=WRITING)]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before writing.", rich_help_panel=WRITING)]
Trust = Annotated[
    bool,
    typer.Option(
        "--trust-first-write", help="Let flows write that were never seen to work here.", rich_help_panel=WRITING
    ),
]
MaxWrites = Annotated[
    int | None,
    typer.Option("--max-writes", min=1, help="Send at most so many writes.", metavar="N", rich_help_panel=WRITING),
]

Client = Annotated[
    str | None, typer.Option("--client", help="Only this client's.", metavar="NAME", rich_help_panel=FILTERS)
]
Since = Annotated[
    str | None,
    typer.Option(
        "--since",
        help="Only from then on: 7d, 12h, 2026-11-24, an ISO 8601 time.",
        metavar="WHEN",
        rich_help_panel=FILTERS,
    ),
]
Outcome = Annotated[
    list[str] | None,
    typer.Option(
        "--outcome",
        help="Only what ended so; several with commas or repeated.",
        metavar="WORD",
        rich_help_panel=FILTERS,
        autocompletion=completion.outcomes,
    ),
]
Key = Annotated[
    str | None,
    typer.Option("--key", help="Only what was submitted under this key.", metavar="KEY", rich_help_panel=FILTERS),
]

JobFile = Annotated[
    Path, typer.Argument(help="The job file.", metavar="FILE", autocompletion=completion.job_files, show_default=False)
]
AnyName = Annotated[
    str,
    typer.Argument(
        help="A run, a batch, the start of its id, `last`, or a client.",
        metavar="NAME",
        autocompletion=completion.runs_and_batches,
    ),
]
BatchName = Annotated[
    str,
    typer.Argument(
        help="A batch, the start of its id, `last`, or a client.", metavar="NAME", autocompletion=completion.batches
    ),
]
