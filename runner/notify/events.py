"""What `BCFLOW_NOTIFY` is told: one short text per happening.

A message leaves the machine, so it holds no secret: never a code or a password, and nothing read from a page.
"""

from __future__ import annotations

import shlex
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from bcflow.models.outcomes import RunReport
from bcflow.runner.reports.summary import end_counts, ended_well

if TYPE_CHECKING:
    from bcflow.runner.config.settings import Settings
    from bcflow.runner.notify.channels import Notifier
    from bcflow.runner.storage.questions import Question

_WANTED: Final = {
    "code": "a verification code",
    "captcha": "somebody to solve a captcha",
    "consent": "your decision on a consent screen",
    "approval": "your approval",
    "choice": "your choice between things of the same name",
    "sign-in": "you to sign in again",
    "word": "you to say which word of the site is meant",
}
# What is left undone when nobody answers in time.
_TOO_LATE: Final = {
    "code": "After that the page is given up, and your answer sends a new code.",
    "approval": "No answer by then counts as no.",
    "choice": "No answer by then counts as no.",
    "captcha": "After that its runs stay undone.",
    "consent": "After that its runs stay undone.",
    "sign-in": "After that its runs stay undone.",
    "word": "After that its runs stay undone.",
}
# These are done in a browser's window, which a server does not have.
_IN_A_WINDOW: Final = frozenset({"captcha", "consent", "sign-in"})
_ENDED_WELL: Final = frozenset({"done", "already", "planned"})
_MOST_LINES, _MOST_NAMES = 10, 5


@dataclass(frozen=True)
class Notice:
    """One message: a `title` of one line and a `body` of plain text; `calm` if nothing in it is left to you."""

    title: str
    body: str
    calm: bool = False


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question as a notice tells it; `deadline` is ISO 8601 with its offset, an empty text where there is none."""

    question: str
    kind: str
    run: str = ""
    flow: str = ""
    client: str = ""
    login: str = "default"
    deadline: str = ""


def tell(settings: Settings, notice: Notice) -> None:
    """Send a notice to the addresses of BCFLOW_NOTIFY, if there are any; one that fails only warns."""
    if settings.notify:
        _notifier(settings, calm=notice.calm).send(notice.title, notice.body)


def beat(settings: Settings) -> None:
    """Call the heartbeat addresses of BCFLOW_NOTIFY, if there are any: a batch has ended, however it did."""
    if settings.notify:
        _notifier(settings).beat()


def _notifier(settings: Settings, *, calm: bool = False) -> Notifier:
    from bcflow.runner.notify.channels import Notifier

    return Notifier([address.get_secret_value() for address in settings.notify], calm=calm)


def question_asked(asked: Asked) -> Notice:
    """Return the message for a question that waits for you: what, for which run, until when, how to answer."""
    lines = [
        _fact("Flow", asked.flow),
        _fact("Client", asked.client),
        _fact("Run", asked.run),
        _fact("Login", asked.login),
        _deadline(asked),
        "",
        *_ways(asked),
    ]
    wanted = _WANTED.get(asked.kind, "your answer")
    about = _line(asked.client or asked.flow)
    return Notice(f"bcflow needs {wanted}{f' ({about})' if about else ''}", _body(lines))


def asked(question: Question, *, flow: str = "", client: str = "") -> Asked:
    """Return a kept question as a notice tells it: without its text, which may quote a page."""
    return Asked(
        question=question.id,
        kind=question.kind,
        run=question.run or question.batch,
        flow=flow,
        client=client,
        login=question.login or "default",
        deadline=question.deadline,
    )


def batch_ended(batch: str, runs: Sequence[RunReport], *, file: str = "", unchanged: Collection[str] = ()) -> Notice:
    """Return the message for a batch that came to its end: counts by outcome, then who must act, you first.

    Of the runs that are `unchanged` since the last batch of the file only how many they are.
    """
    counts = end_counts(run.outcome for run in runs)
    new = [run for run in runs if run.id not in unchanged]
    acts, known = _acts(new), len(_acting(runs)) - len(_acting(new))
    more = len(acts) - _MOST_LINES
    lines = [
        _fact("Batch", batch),
        _fact("File", file),
        counts,
        "",
        "Who must act next:" if acts else None if known else "Nobody must act.",
        *acts[:_MOST_LINES],
        f"and {more} more" if more > 0 else None,
        f"{'As' if acts else 'Who must act: as'} after the last run of this file: {_runs(known)}" if known else None,
        "",
        f"See it: {_command('show', batch)}",
    ]
    yours = " (you must act)" if any(act.startswith("  you:") for act in acts) else ""
    return Notice(f"bcflow: batch ended: {counts}{yours}", _body(lines), calm=all(map(ended_well, new)))


def job_missed(name: str, *, expected: str, last: str = "") -> Notice:
    """Return the message for a scheduled job that did not run.

    `expected` is since when it is due, `last` when it last ran (empty: never seen); both ISO 8601 with their offset.
    """
    lines = [
        _fact("Job", name),
        f"Expected since: {_moment(expected)}",
        f"Last run: {_moment(last) if last else 'none is known'}",
        "",
        "See what is alive: bcflow status",
        "Then look at the timer or cron entry that starts it, and at its log.",
    ]
    return Notice(f"bcflow: {_line(name)} did not run", _body(lines))


def _ways(asked: Asked) -> list[str]:
    answer = f"Answer: {_command('answer', asked.question)}"
    if asked.kind not in _IN_A_WINDOW:
        return [answer]
    login = [] if asked.login == "default" else ["--login", asked.login]
    return [
        f"At a screen: {_command('login', '--headed', *login)}",
        f"On a laptop, for a server: {_command('login', '--headed', *login, '--export', 'FILE')}",
        f"and then on the server: {_command('login', *login, '--import', 'FILE')}",
        answer,
    ]


def _acts(runs: Sequence[RunReport]) -> list[str]:
    """Return one line per person and step, you first. Of a run only our own words: its message quotes the site."""
    steps: dict[tuple[str, str], list[str]] = {}
    for run in _acting(runs):
        who = (run.waiting_for or "somebody") if _waits(run) else "you"
        steps.setdefault((_line(who), _line(run.next_action)), []).append(_line(run.client or run.flow))
    ordered = sorted(steps.items(), key=lambda step: step[0][0] != "you")
    return [f"  {who}: {action or 'see the batch'} ({_names(names)})" for (who, action), names in ordered]


def _acting(runs: Sequence[RunReport]) -> list[RunReport]:
    """Return the runs for which somebody must act."""
    return [run for run in runs if _waits(run) or (run.next_action and run.outcome not in _ENDED_WELL)]


def _waits(run: RunReport) -> bool:
    return run.outcome == "waiting" or (run.outcome == "already" and bool(run.waiting_for))


def _runs(many: int) -> str:
    return f"{many} {'run' if many == 1 else 'runs'}"


def _names(names: Sequence[str]) -> str:
    different = list(dict.fromkeys(names))
    runs = f"{len(names)} run{'s' if len(names) > 1 else ''}"
    more = f" and {len(different) - _MOST_NAMES} more" if len(different) > _MOST_NAMES else ""
    return f"{runs}: {', '.join(different[:_MOST_NAMES])}{more}"


def _deadline(asked: Asked) -> str | None:
    if not asked.deadline:
        return None
    return f"Until: {_moment(asked.deadline)}. {_TOO_LATE.get(asked.kind, '')}".rstrip(" ")


def _moment(text: str) -> str:
    """Return a time as everybody reads it the same: to the minute, in UTC."""
    return datetime.fromisoformat(text).astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def _command(*words: str) -> str:
    return shlex.join(["bcflow", *words])


def _fact(name: str, value: str) -> str | None:
    return f"{name}: {_line(value)}" if value else None


def _line(text: str) -> str:
    """Return `text` on one line: a title with a line break could forge a header of a mail."""
    return " ".join(text.split())


def _body(lines: Sequence[str | None]) -> str:
    return "\n".join(line for line in lines if line is not None)


def sign_in_command(login: str) -> str:
    """Return what a person types to sign in again."""
    return shlex.join(["bcflow", "login", "--headed", *([] if login == "default" else ["--login", login])])


def expired_notice(login: str, runs: int) -> Notice:
    """Return the message for a login whose sign-in has expired, so that `runs` runs cannot be looked at again."""
    command = sign_in_command(login)
    lines = [
        f"Login: {login}",
        f"Not looked at: {runs} {'run that waits' if runs == 1 else 'runs that wait'} for others",
        "",
        f"At a screen: {command}",
        f"On a laptop, for a server: {command} --export FILE",
        "",
        "No code was asked for. It is tried again by itself, and you are told again only after it has worked.",
    ]
    return Notice(f"bcflow needs you to sign in again ({login})", "\n".join(lines))
