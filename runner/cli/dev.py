"""`bcflow dev standin` and `bcflow dev demo`: from a checkout, without the real site."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from bcflow.models.errors import BadInput, BcflowError
from bcflow.runner.cli.frame import columns, complain, document, say
from bcflow.runner.cli.wording.options import Json

_PATIENCE_SECONDS = 10.0
_MODULE = (sys.executable, "-P", "-m")
_EXAMPLE = Path("examples/onboarding.yaml")
_EXPECTED = ("done", "waiting")
_AGAIN = ("already", "waiting")
_NEXT = (
    "Next: source .venv/bin/activate",
    "      bcflow dev standin    # a site to try commands on, and what to try",
    "      bcflow init           # for your own accounts",
)


ANYTHING = {"allow_extra_args": True, "ignore_unknown_options": True}


def standin(context: typer.Context, as_json: Json = False) -> None:
    """Start the local stand-in and say how to use it. Its options go through (see `-- --help`).

    \b
    Examples:
      bcflow dev standin --open
      bcflow dev standin --language vi --axis surface=drawer --fault 500_after:invite:1
      bcflow dev standin --stranger 7
    """
    root = checkout()
    # This process becomes the stand-in: whoever ends it by its number has ended all of it.
    os.chdir(root)
    said = [] if as_json else ["--for-person"]
    os.execve(sys.executable, [*_MODULE, "standin", *said, *context.args], _importing(root))  # noqa: S606 - no shell wanted


def demo(
    home: Annotated[Path, typer.Option("--home", help="The rehearsal's own home.")] = Path("out/demo"),
    file: Annotated[Path | None, typer.Option("--file", help="Another job file than the example.")] = None,
    as_json: Json = False,
) -> None:
    """Work the example against the local stand-in, twice. In a home of its own.

    The second time nothing may be written. Exit 1 if an outcome is not as expected.

    \b
    Example:
      bcflow dev demo
    """
    root = checkout()
    path = (file or root / _EXAMPLE).absolute()
    own = _fresh(home)
    started = time.monotonic()
    with standin_at(root) as sites:
        environment = demo_environment(sites, own)
        first = _run(path, environment, root)
        _show(first, as_json=as_json)
        second = _run(path, environment, root)
        _show(second, as_json=as_json)
    wrong = _unexpected(first, _EXPECTED) + _unexpected(second, _AGAIN, writes=0)
    report = own / "batches" / first["batch"] / "report.html"
    if as_json:
        document({"first": first, "second": second, "unexpected": wrong, "report": str(report)})
    else:
        say("", f"Report: {report}", f"Both runs took {time.monotonic() - started:.0f} s.", "", *_NEXT)
        for line in wrong:
            complain(f"not as expected: {line}")
    raise typer.Exit(1 if wrong else 0)


def checkout() -> Path:
    """Return the folder of the checkout that this program is a part of. Raises BadInput when there is none."""
    for folder in Path(__file__).resolve().parents:
        if (folder / "standin" / "__main__.py").is_file():
            return folder
    raise BadInput(["dev: there is no stand-in here; run this in a checkout of bcflow, after `make setup`"])


def _importing(root: Path) -> dict[str, str]:
    """Return our environment, with modules found in the checkout and not in whatever folder we are in."""
    return os.environ | {"PYTHONPATH": str(root)}


@contextmanager
def standin_at(root: Path, *options: str) -> Iterator[dict[str, str]]:
    """Run a stand-in for as long as the context lasts; gives its addresses (bc, ads, control)."""
    command = [*_MODULE, "standin", "--with-parent", *options]
    with subprocess.Popen(
        command, cwd=root, env=_importing(root), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not line:
                raise BcflowError("the stand-in did not start; `make setup` installs what it needs")
            yield json.loads(line)
        finally:
            if process.stdin:
                process.stdin.close()
            try:
                process.wait(_PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()


def demo_environment(sites: dict[str, str], home: Path) -> dict[str, str]:
    """Return the environment of a rehearsal: the stand-in's addresses and its known login."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("BCFLOW_")}
    kept = {name: os.environ[name] for name in ("BCFLOW_BROWSER", "BCFLOW_DEBUG") if name in os.environ}
    return (
        ours
        | kept
        | {
            "BCFLOW_HOME": str(home),
            "BCFLOW_BUSINESS_CENTER_URL": sites["bc"],
            "BCFLOW_ADS_MANAGER_URL": sites["ads"],
            "BCFLOW_EMAIL": "ops@agency.example",
            "BCFLOW_PASSWORD": "Correct-Horse-7!",
            "BCFLOW_SETTLE_SECONDS": "15",
        }
    )


def _fresh(home: Path) -> Path:
    """Return a new folder in `home`: the stand-in forgets everything, so old runs must not be believed."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    own = home.absolute() / stamp
    own.parent.mkdir(parents=True, exist_ok=True)
    own.mkdir(mode=0o700)
    return own


def _run(path: Path, environment: dict[str, str], root: Path) -> dict[str, Any]:
    command = [*_MODULE, "bcflow.runner.cli", "run", str(path)]
    options = ["--yes", "--trust-first-write", "--json"]
    done = subprocess.run(
        [*command, *options], env=environment, cwd=root, stdout=subprocess.PIPE, text=True, check=False
    )
    try:
        found: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        raise BcflowError(f"the run gave no result (exit {done.returncode})") from None
    if "runs" not in found:
        raise BadInput([str(line) for line in found.get("errors", ["the run gave no result"])])
    return found


def _show(result: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        return
    rows = [
        (run["job"], run["flow"], run["outcome"], f"writes: {run['writes']}", run["waiting_for"])
        for run in result["runs"]
    ]
    say("", *columns(rows, heads=("job", "flow", "outcome", "writes", "waits for")))


def _unexpected(result: dict[str, Any], outcomes: tuple[str, ...], *, writes: int | None = None) -> list[str]:
    """Return a line for each run that did not end in one of `outcomes`, or that wrote when it must not."""
    lines = []
    for run in result["runs"]:
        if run["outcome"] not in outcomes:
            lines.append(f"{run['job']} ended {run['outcome']}: {run['message']}")
        if writes is not None and run["writes"] != writes:
            lines.append(f"{run['job']} wrote {run['writes']} times, not {writes}")
    return lines
