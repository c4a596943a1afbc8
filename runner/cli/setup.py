"""`bcflow doctor` and `bcflow schema`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from bcflow.runner.cli.frame import Json, document, load_settings, say


def register(app: typer.Typer) -> None:
    """Add the commands of this file to `app`."""
    app.command("doctor")(doctor)
    app.command("schema")(schema)


def doctor(
    confirm_site: Annotated[
        str | None,
        typer.Option("--confirm-site", help="Say that this site is meant, though it is not TikTok's.", metavar="URL"),
    ] = None,
    as_json: Json = False,
) -> None:
    """Say what is missing before a run can start.

    Looks at Python, the browser (a page really renders), the settings and their file, the key, saved
    sign-ins and the clock. Exit 1 if something is missing.

    \b
    Example:
      bcflow doctor
    """
    from bcflow.runner.cli.doctor import checks

    settings = load_settings(make_home=False, confirm_site=confirm_site)
    found = checks(settings)
    if as_json:
        document({"ok": all(check.ok for check in found), "checks": [asdict(check) for check in found]})
    else:
        for check in found:
            say(f"{'ok ' if check.ok else 'NOT'} {check.name}: {check.detail}")
            if not check.ok and check.fix:
                say(f"      do: {check.fix}")
    raise typer.Exit(0 if all(check.ok for check in found) else 1)


def schema() -> None:
    """Print the JSON Schema of the job file, for editors and other programs.

    \b
    Example:
      bcflow schema > jobs.schema.json
    """
    from bcflow.runner.jobfiles.schema import job_file_schema

    document(job_file_schema())
