"""`bcflow init`, `bcflow doctor` and `bcflow schema`."""

from __future__ import annotations

from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Final

import typer

from bcflow.models.errors import BadInput
from bcflow.runner.cli.frame import columns, document, load_settings, say
from bcflow.runner.cli.wording.messages import cannot_write
from bcflow.runner.cli.wording.options import Json
from bcflow.runner.redaction.printable import printable

_STARTERS: Final = "bcflow.runner.config"
_NEXT: Final = (
    ("2. bcflow doctor", "what is missing, in plain words"),
    ("3. bcflow login --headed", "sign in; a captcha or a consent is yours"),
    ("4. bcflow run jobs.yaml --dry-run", "only looks; change the file into jobs of your own first"),
)


def init(as_json: Json = False) -> None:
    """Make a settings file to fill in, a job file and a sheet. Says what comes next.

    The settings go to BCFLOW_HOME, for you only; jobs.yaml and people.csv to where you are. Nothing is written over.

    \b
    Example:
      bcflow init
    """
    settings = load_settings()
    secrets = settings.home / "secrets.env"
    made = {secrets: _write("login.env", secrets, mode=0o600)}
    made |= {Path(name): _write(name, Path(name)) for name in ("jobs.yaml", "people.csv")}
    if as_json:
        document({"made": [str(path) for path in made if made[path]], "secrets": str(secrets)})
        return
    for path, is_new in made.items():
        say(f"{'made' if is_new else 'left as it is'}: {printable(str(path), one_line=True)}")
    say("", "Next:", f"1. fill in the two lines of {printable(str(secrets), one_line=True)}", *columns(_NEXT))


def _write(starter: str, path: Path, *, mode: int = 0o666) -> bool:
    """Write a file that comes with bcflow; false, and nothing is done, if there is one already. Raises BadInput."""
    content = files(_STARTERS).joinpath("starters", starter).read_bytes()
    try:
        path.touch(mode=mode, exist_ok=False)
        path.write_bytes(content)
    except FileExistsError:
        return False
    except OSError as error:
        raise BadInput([cannot_write(path, error)]) from None
    return True


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
    """Print the JSON Schema of the job file. For editors and other programs.

    \b
    Example:
      bcflow schema > jobs.schema.json
    """
    from bcflow.runner.jobfiles.schema import job_file_schema

    document(job_file_schema())
