"""Batches that are queued in a test, and what became of them."""

import json

import pytest

from bcflow.runner.cli.app import run_app

TRUSTED = ("--yes", "--trust-first-write")
EVERYONE = ["Acme US", "ana@acme.example", "bo@acme.example"]


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    """Return the one JSON document on stdout."""
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def submitted(capsys: pytest.CaptureFixture[str], *more: str) -> str:
    """Queue jobs.yaml, agreed to, and return its batch."""
    assert run_app(["submit", "jobs.yaml", *TRUSTED, *more, "--json"]) == 0
    return str(told(capsys)["batch"])


def outcomes(capsys: pytest.CaptureFixture[str], batch: str) -> list[str]:
    """Return how the runs of a batch ended, in file order."""
    capsys.readouterr()
    assert run_app(["show", batch, "--json"]) == 0
    return [run["outcome"] for run in json.loads(capsys.readouterr().out)]
