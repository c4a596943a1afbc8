"""One attempt at one job: what a flow is handed as `run`.

The order is the protection: look, arm (durable), one click, look. From `armed` on, no error ever means
"not done"; an attempt that died is taken up from the top by another, which looks first.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, Any

from loguru import logger
from playwright.sync_api import Error as PlaywrightError

from bcflow.flows.run import Settled
from bcflow.models.errors import BcflowError, LedgerBroken, NeedsPerson, Refused, ScreenChanged, SignedOut
from bcflow.models.looks import Absent, CannotSee, Effect, Look, Memory, Seen
from bcflow.models.outcomes import EffectRecord, StepRecord
from bcflow.pages.kit.commit import Commit, press
from bcflow.runner import sentences
from bcflow.runner.ledger import Entry, Ledger, now
from bcflow.runner.pictures import Pictures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bcflow.pages.kit.aftermath import Aftermath
    from bcflow.pages.kit.site import Site
    from bcflow.runner.code_step import CodeStep

LookAt = "Callable[[Memory], Look]"
FIRST_PAUSE, LONGEST_PAUSE = 0.4, 5.0


class Attempt:
    """Implements `bcflow.flows.run.Run` on a browser, a ledger and an evidence folder."""

    def __init__(  # noqa: PLR0913 - everything an attempt needs, by name
        self,
        site: Site,
        *,
        run: str,
        ledger: Ledger,
        pictures: Pictures,
        codes: CodeStep,
        only_look: bool,
        settle_seconds: float,
        may_write: bool = True,
        on_event: Callable[[dict[str, Any]], None],
    ) -> None:
        """Take what belongs to one run; `only_look` never arms, `may_write` is false when the budget is used up."""
        self._site = site
        self.run = run
        self._ledger = ledger
        self._pictures = pictures
        self.codes = codes
        self._only_look = only_look
        self._settle_seconds = settle_seconds
        self._may_write = may_write
        self._on_event = on_event
        self._armed: set[tuple[str, str]] = set()
        self._writes: dict[tuple[str, str], int] = {}
        self.effects: dict[tuple[str, str], EffectRecord] = {}
        self.steps: list[StepRecord] = []

    @property
    def site(self) -> Site:
        """The signed-in site."""
        return self._site

    @property
    def writes(self) -> int:
        """Return how many write requests left the browser in this attempt."""
        return sum(self._writes.values())

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Name a part of the story and keep how long it took."""
        self._on_event({"run": self.run, "event": "step", "name": name})
        started, at, ok = monotonic(), now(), False
        try:
            yield
            ok = True
        finally:
            seconds = round(monotonic() - started, 3)
            self.steps.append(StepRecord(name=name, at=at, seconds=seconds, ok=ok))
            logger.bind(run=self.run).debug("{} {} s", name, seconds)

    def ensure(self, effect: Effect, *, look: Callable[[Memory], Look], act: Callable[[], Commit]) -> Settled:
        """Look; if the effect is absent, act once; look until it is seen. See `Run.ensure`."""
        try:
            settled = self._ensure(effect, look, act)
        except SignedOut:
            raise
        except NeedsPerson as need:
            settled = Settled(effect, "waiting", str(need), waiting_for="you", next_action=sentences.person(need.kind))
        except Refused as no:
            settled = Settled(effect, "refused", str(no), next_action="change the job, or ask who can do it")
        except ScreenChanged as change:
            settled = Settled(effect, "screen-changed", str(change), next_action=sentences.SCREEN_CHANGED)
        except (LedgerBroken, BcflowError) as error:
            settled = Settled(effect, "failed", str(error), next_action="nothing was written; run it again")
        except PlaywrightError as error:
            settled = Settled(
                effect,
                "failed",
                f"{self._site.screen}: the page did not do what was asked ({type(error).__name__})",
                next_action="nothing was written; run it again, or look at the picture",
            )
            self._pictures.why(error)
        return self._keep(settled)

    def _ensure(self, effect: Effect, look: Callable[[Memory], Look], act: Callable[[], Commit]) -> Settled:
        if self._only_look:
            return self._judge(effect, None, look(self._ledger.peek(self._site.addresses.origin, effect)))
        entry = self._ledger.prepare(self._site.addresses.origin, effect, run=self.run)
        if entry.memory.armed:
            return self._until_seen(entry, effect, look, "an earlier write may have been sent")
        found = look(entry.memory)
        if not isinstance(found, Absent) or entry.memory.seen or not self._may_write:
            return self._judge(effect, entry, found)
        return self._write(entry, effect, found, look, act)

    def _judge(self, effect: Effect, entry: Entry | None, found: Look) -> Settled:
        """Return what a look alone says."""
        if isinstance(found, CannotSee):
            return Settled(effect, "failed", found.reason, next_action="nothing was written; see the reason")
        if isinstance(found, Seen):
            return self._stands(entry, effect, found)
        memory = entry.memory if entry else self._ledger.peek(self._site.addresses.origin, effect)
        self._proof(effect, found.proof)
        if memory.armed:
            return self._unknown(entry, effect, "an earlier write may have been sent and is not to be seen")
        if memory.seen:
            return Settled(
                effect,
                "waiting",
                f"{sentences.subject(effect)} was there before and is gone now; nothing was written",
                waiting_for="you",
                next_action=f"if it shall be done again: bcflow settle {self.run} --did-not-happen",
            )
        if self._only_look:
            return Settled(effect, "planned", sentences.planned(effect), next_action="run it to write it")
        return Settled(effect, "skipped", "the limit of writes for this batch is reached; not started")

    def _write(
        self, entry: Entry, effect: Effect, absent: Absent, look: Callable[[Memory], Look], act: Callable[[], Commit]
    ) -> Settled:
        self._proof(effect, absent.proof)
        commit = act()
        entries = [(entry, effect), *self._also(commit)]
        with self.step("send it, once"):
            aftermath = press(self._site, commit, arm=lambda: self._arm(entries, absent, commit))
            if aftermath.wants_code:
                aftermath = self.codes.go_on(self._site, commit, aftermath)
        for each, _ in entries:
            self._writes[_key(effect)] = len(aftermath.sent.writes)
            if aftermath.sent.answers:
                last = aftermath.sent.answers[-1]
                self._ledger.answered(each, run=self.run, detail={"status": last.status, "code": last.code})
        self._on_event({"run": self.run, "event": "sent", "name": aftermath.said})
        memory = Memory(armed=True, before=absent.others)
        if aftermath.refused or aftermath.sent.nothing:
            return self._not_done(entries, effect, look, memory, aftermath)
        return self._until_seen(entry, effect, look, aftermath.said or aftermath.trouble, memory=memory)

    def _also(self, commit: Commit) -> list[tuple[Entry, Effect]]:
        origin = self._site.addresses.origin
        return [(self._ledger.prepare(origin, each, run=self.run), each) for each in commit.also]

    def _arm(self, entries: list[tuple[Entry, Effect]], absent: Absent, commit: Commit) -> None:
        self._pictures.before(commit)
        for entry, effect in entries:
            before = absent.others if effect is entries[0][1] else ()
            self._ledger.arm(entry, run=self.run, want=effect.want, before=before)
            self._armed.add(_key(effect))
            self.effects.setdefault(_key(effect), _blank(effect)).armed_at = now()
        self._on_event({"run": self.run, "event": "armed", "name": commit.subject})

    def _not_done(
        self,
        entries: list[tuple[Entry, Effect]],
        effect: Effect,
        look: Callable[[Memory], Look],
        memory: Memory,
        aftermath: Aftermath,
    ) -> Settled:
        """The site said no, or nothing left the browser: believe it only after looking again."""
        self._pictures.failure("what the site said")
        found = look(memory)
        if isinstance(found, Seen):
            return self._stands(entries[0][0], effect, found)
        if not isinstance(found, Absent):
            return self._until_seen(entries[0][0], effect, look, found.reason, memory=memory)
        for entry, _ in entries:
            if aftermath.sent.nothing:
                self._ledger.unsent(entry, run=self.run)
            else:
                self._ledger.refused(entry, run=self.run, words=aftermath.refused)
        if aftermath.wants_code:
            return Settled(
                effect,
                "waiting",
                "the site asked for a code and none was to be had; it was cancelled, nothing was written",
                waiting_for="you",
                next_action="have the code source ready, then run it again",
            )
        if aftermath.refused:
            sent = "" if aftermath.sent.nothing else " (the site's answer)"
            return Settled(effect, "refused", aftermath.refused + sent, next_action="change the job, or ask who can do it")
        stopped = f": it would have written {aftermath.sent.stopped[0]}" if aftermath.sent.stopped else ""
        return Settled(
            effect,
            "failed",
            f"the button did nothing and no request left the browser{stopped}",
            next_action="nothing was written; wait some minutes (the site may be limiting the rate), then run it again",
        )

    def _until_seen(
        self, entry: Entry, effect: Effect, look: Callable[[Memory], Look], why: str, *, memory: Memory | None = None
    ) -> Settled:
        end, pause = monotonic() + self._settle_seconds, FIRST_PAUSE
        reason = why
        while True:
            try:
                found = look(memory or entry.memory)
            except (ScreenChanged, PlaywrightError) as error:
                found = CannotSee(str(error) if isinstance(error, ScreenChanged) else type(error).__name__)
            if isinstance(found, Seen):
                return self._stands(entry, effect, found)
            reason = found.reason if isinstance(found, CannotSee) else why
            if monotonic() >= end:
                return self._unknown(entry, effect, reason)
            self._site.rest(min(pause, max(0.1, end - monotonic())))
            pause = min(pause * 2, LONGEST_PAUSE)

    def _stands(self, entry: Entry | None, effect: Effect, found: Seen) -> Settled:
        ours = _key(effect) in self._armed or (entry is not None and entry.memory.armed)
        record = self.effects.setdefault(_key(effect), _blank(effect))
        record.have, record.seen_at = found.have, now()
        if entry is not None:
            self._ledger.seen(entry, run=self.run, site_id=found.id, have=found.have)
        if found.differences:
            return Settled(
                effect,
                "differs",
                f"{sentences.subject(effect)} is there, but not as asked: {'; '.join(found.differences)}",
                have=found.have,
                id=found.id,
                next_action="change it by hand or change the job; nothing was written",
            )
        if ours:
            self._pictures.after(effect)
        outcome = ("waiting" if found.waiting_for else "done") if ours else "already"
        return Settled(
            effect,
            outcome,
            sentences.stands(effect, outcome, found),
            have=found.have,
            id=found.id,
            waiting_for=found.waiting_for,
            next_action=sentences.waiting(effect, found.waiting_for),
        )

    def _unknown(self, entry: Entry | None, effect: Effect, why: str) -> Settled:
        if entry is not None:
            self._ledger.unknown(entry, run=self.run, why=why)
        self._pictures.failure("not to be seen")
        return Settled(
            effect,
            "unknown",
            f"{sentences.subject(effect)}: the write may have happened and could not be seen"
            + (f" ({why})" if why else ""),
            next_action=f"look at the site, then: bcflow settle {self.run} --happened or --did-not-happen;"
            " running it again only looks",
        )

    def _proof(self, effect: Effect, proof: str) -> None:
        self.effects.setdefault(_key(effect), _blank(effect)).proof = proof

    def _keep(self, settled: Settled) -> Settled:
        key = _key(settled.effect)
        writes = self._writes.get(key, 0)
        record = self.effects.setdefault(key, _blank(settled.effect))
        record.outcome, record.message, record.writes = settled.outcome, settled.message, writes
        record.waiting_for = settled.waiting_for
        if settled.have:
            record.have = settled.have
        if settled.outcome in ("screen-changed", "failed", "refused"):
            self._pictures.failure(settled.outcome)
        self._on_event({"run": self.run, "event": settled.outcome, "name": settled.message})
        return Settled(**{**settled.__dict__, "writes": writes})


def _key(effect: Effect) -> tuple[str, str]:
    return effect.kind, effect.identity


def _blank(effect: Effect) -> EffectRecord:
    return EffectRecord(
        kind=effect.kind,
        identity=effect.identity,
        business_center=effect.business_center,
        want=effect.want,
        outcome="failed",
    )


def utc() -> str:
    """Return the time now, ISO 8601 UTC in seconds."""
    return datetime.now(UTC).isoformat(timespec="seconds")
