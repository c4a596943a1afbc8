"""One attempt at one job: what a flow is handed as `run`.

The order is the protection: look, arm (durable), one click, look. From `armed` on, no error ever means
"not done"; an attempt that died is taken up from the top by another, which looks first.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Error as PlaywrightError

from bcflow.flows.run import Settled
from bcflow.models.errors import BcflowError, BrowserGone, NeedsPerson, SignedOut, WordsUnknown
from bcflow.models.looks import Absent, CannotSee, Effect, Look, Memory, Seen
from bcflow.pages.kit.writing.commit import Commit, require_shown
from bcflow.pages.kit.writing.sending import press, rehearse
from bcflow.pages.labels import refusals
from bcflow.runner.browser import outcomes
from bcflow.runner.browser.code_entry import with_help
from bcflow.runner.browser.story import Key, Story, key_of
from bcflow.runner.browser.words import learning
from bcflow.runner.browser.words.rehearsal import MOST_AGAIN, rehearse_look, rehearse_on, rehearse_write, rehearsing
from bcflow.runner.storage.database import now
from bcflow.runner.storage.ledger import Ledger
from bcflow.runner.storage.ledger_rows import Entry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from contextlib import AbstractContextManager

    from bcflow.pages.kit.screen.site import Site
    from bcflow.pages.kit.writing.aftermath import Aftermath
    from bcflow.pages.kit.writing.wire import Wire
    from bcflow.runner.browser.code_entry import CodeStep
    from bcflow.runner.browser.pictures import Pictures

LookAt = Callable[[Memory], Look]
Needs = Callable[[], dict[str, str]]
FIRST_PAUSE, LONGEST_PAUSE = 0.4, 5.0


class Attempt:
    """Implements `bcflow.flows.run.Run` on a browser, a ledger and an evidence folder."""

    def __init__(  # noqa: PLR0913 - everything an attempt needs, by name
        self,
        site: Site,
        wire: Wire,
        *,
        run: str,
        ledger: Ledger,
        pictures: Pictures,
        codes: CodeStep,
        only_look: bool,
        settle_seconds: float,
        may_write: bool = True,
        rehearses: bool = False,
        sends: Mapping[str, Sequence[str]] | None = None,
        holds_login: Callable[[], bool] = lambda: True,
        on_event: Callable[[dict[str, Any]], None],
    ) -> None:
        """Take what belongs to one run; `only_look` never arms, `may_write` is false when the budget is used up.

        `rehearses`: it does all but send. `sends`: by an effect's kind, the writes that a rehearsal has shown.
        `holds_login` says, right before a write, whether this process still is the login's one writer.
        """
        self._site, self._wire, self.run = site, wire, run
        self._ledger, self._pictures, self.codes = ledger, pictures, codes
        self._only_look, self._may_write, self._settle_seconds = only_look, may_write, settle_seconds
        self._rehearses, self._sends, self._holds_login = rehearses, sends or {}, holds_login
        self.to_come: frozenset[str] = frozenset()
        self.names: dict[str, str] = {}
        self.story = Story(run, on_event=on_event)
        self._armed, self._touched = set[Key](), set[Key]()
        self._said_no: dict[Key, Aftermath] = {}

    @property
    def site(self) -> Site:
        """The signed-in site."""
        return self._site

    @property
    def writes(self) -> int:
        """Return how many write requests left the browser for this run, earlier attempts included."""
        return sum(effect.writes for effect in self.story.effects.values())

    def step(self, name: str) -> AbstractContextManager[None]:
        """Name a part of the story and keep how long it took."""
        return self.story.step(name)

    def go_on_with(self, site: Site, wire: Wire) -> None:
        """Go on in a new browser: the next try starts from the top and looks first."""
        self._site, self._wire = site, wire
        self._pictures.go_on_with(site)

    def broken_off(self, effect: Effect, error: Exception) -> Settled:
        """Tell how an attempt ends that could not be taken up again: what was armed and not seen is unknown."""
        if key_of(effect) in self._armed and not self.story.of(effect).seen_at:
            return self._keep(outcomes.unknown(effect, self.run, outcomes.what_broke(error, self._site.screen)))
        settled = self._trouble(effect, error)
        # Who cannot sign in has not begun with any effect.
        return settled if isinstance(error, (NeedsPerson, WordsUnknown)) else self._keep(settled)

    def ensure(self, effect: Effect, *, look: LookAt, act: Callable[[], Commit], needs: Needs = dict) -> Settled:
        """Look; if the effect is absent, act once; look until it is seen. See `Run.ensure`."""
        try:
            settled = self._ensure(effect, look, act)
            if settled.outcome == "planned" and not self._rehearses:
                self.names |= needs()
        except (SignedOut, BrowserGone):
            # The attempt starts again from the top; the ledger remembers what was armed.
            raise
        except (BcflowError, PlaywrightError) as error:
            if isinstance(error, PlaywrightError):
                self._pictures.why(error)
                if outcomes.is_gone(self._site, error):
                    raise BrowserGone("the browser ended in the middle") from error
            if key_of(effect) in self._armed:
                settled = outcomes.unknown(effect, self.run, outcomes.what_broke(error, self._site.screen))
            else:
                settled = self._trouble(effect, error)
        return self._keep(settled)

    def _trouble(self, effect: Effect, error: Exception) -> Settled:
        """Tell an error that came up before anything was armed; words that nobody knows have a picture of their own."""
        learning.meet(self.story, self._pictures, error)
        return outcomes.trouble(effect, error, screen=self._site.screen)

    def _ensure(self, effect: Effect, look: LookAt, act: Callable[[], Commit], again: int = MOST_AGAIN) -> Settled:
        origin = self._site.addresses.origin
        # The page of an earlier write is gone by now: its own requests with it.
        self._wire.open_again()
        # A look writes nothing down, but an earlier write that it sees is seen.
        entry = (
            self._ledger.find(origin, effect) if self._only_look else self._ledger.prepare(origin, effect, run=self.run)
        )
        memory = entry.memory if entry is not None else Memory()
        if entry is not None and memory.armed:
            self._armed.add(key_of(effect))
            self._touched.add(key_of(effect))
            return self._until_seen(entry, effect, look, "an earlier write may have been sent", memory)
        writes = entry is not None and not (self._only_look or memory.seen) and self._may_write
        # Signed out after the site's no: sending it again is for another run, if a person wants it.
        said_no = self._said_no.get(key_of(effect))
        commit: Commit | None = None
        with rehearsing(self._site, self._wire, self.story, self._pictures, again=again) as by_guess:
            found = learning.look(self._site, look, memory)
            fills = (writes and said_no is None) or self._rehearses or (self._may_write and by_guess.goes_on)
            if isinstance(found, Absent) and fills:
                self.story.of(effect).proof = found.proof
                commit = act()
                if by_guess.goes_on:
                    rehearse(commit, self._wire, ready=lambda: None)
        if by_guess.goes_on:
            # All that was asked about found its place on a later step, or was taken for what stands plainer there.
            return self._ensure(effect, look, act, again=max(0, again - 1))
        if self._rehearses and commit is not None:
            return rehearse_write(self._wire, self.story, self._pictures, effect, commit)
        if entry is not None and isinstance(found, Absent) and commit is not None:
            try:
                return self._write(entry, effect, found, look, commit)
            except WordsUnknown:
                if key_of(effect) not in self._touched:
                    rehearse_on(self._site, self._wire, self.story, self._pictures, commit)
                raise
        if isinstance(found, Absent) and writes and said_no is not None:
            return outcomes.not_done(effect, said_no)
        return self._judge(effect, None if self._only_look else entry, memory, found)

    def _judge(self, effect: Effect, entry: Entry | None, memory: Memory, found: Look) -> Settled:
        """Return what a look alone says."""
        if isinstance(found, CannotSee):
            return outcomes.cannot_see(effect, found.reason)
        if isinstance(found, Seen):
            return self._stands(entry, effect, found)
        self.story.of(effect).proof = found.proof
        if memory.seen:
            self._ledger.looked(self._site.addresses.origin, effect, run=self.run, found=found.proof)
            return outcomes.gone(effect, self.run)
        return outcomes.planned(effect) if self._only_look else outcomes.over_budget(effect)

    def _write(self, entry: Entry, effect: Effect, absent: Absent, look: LookAt, commit: Commit) -> Settled:
        require_shown(commit, [effect, *commit.also])
        origin = self._site.addresses.origin
        also = [(self._ledger.prepare(origin, each, run=self.run), each) for each in commit.also]
        entries = [(entry, effect), *also]
        memory = Memory(armed=True, before=absent.others)
        try:
            aftermath = self._send(entries, absent, commit)
        except (BcflowError, PlaywrightError) as error:
            if isinstance(error, SignedOut) or key_of(effect) not in self._armed:
                raise
            return self._until_seen(entry, effect, look, outcomes.what_broke(error, self._site.screen), memory)
        for each, _ in entries if aftermath.sent.answers else []:
            detail = [{"path": one.path, "status": one.status, "code": one.code} for one in aftermath.sent.answers]
            self._ledger.answered(each, run=self.run, detail={"answers": detail})
        self.story.tell("sent", aftermath.said)
        if aftermath.refused or aftermath.sent.nothing or aftermath.put_off:
            missing = learning.missing(commit, aftermath, self.story, self._pictures)
            settled = self._not_done(entries, look, memory, aftermath)
            if missing and key_of(effect) not in self._armed and not settled.stands:
                raise WordsUnknown(missing)
            return settled
        return self._until_seen(entry, effect, look, aftermath.quoted, memory, after=aftermath)

    def _send(self, entries: list[tuple[Entry, Effect]], absent: Absent, commit: Commit) -> Aftermath:
        """Arm and click; every request that left is counted, whatever comes up in between."""
        with self.step("send it, once"):
            return press(
                commit,
                self._wire,
                arm=lambda: self._arm(entries, absent, commit),
                ready=lambda: self._pictures.before(commit),
                go_on=lambda write, aftermath: with_help(write, self.codes, aftermath),
                sent=lambda sent: self._ledger.sent(entries[0][0], run=self.run, writes=len(sent.writes)),
                knows_no=refusals.with_words(self._ledger.noes()),
                only=frozenset(self._sends.get(entries[0][1].kind, ())),
            )

    def _arm(self, entries: list[tuple[Entry, Effect]], absent: Absent, commit: Commit) -> None:
        if not self._holds_login():
            raise BcflowError("another bcflow took this login over, or somebody said stop; nothing was sent")
        if not self._site.is_alive():
            # A dead browser cannot click: armed, this would be an `unknown` for a person to settle.
            raise BrowserGone("the browser ended before the click; nothing was sent")
        self._ledger.arm(entries, run=self.run, before=absent.others)
        for _, effect in entries:
            self._armed.add(key_of(effect))
            self._touched.add(key_of(effect))
            self.story.of(effect).armed_at = now()
        self.story.tell("armed", commit.subject)

    def _not_done(
        self, entries: list[tuple[Entry, Effect]], look: LookAt, memory: Memory, aftermath: Aftermath
    ) -> Settled:
        """The site said no, or nothing left the browser: believed once nothing more can leave, and a look agrees."""
        entry, effect = entries[0]
        self._pictures.failure("what the site said")
        self._site.leave()
        if not (aftermath.refused or aftermath.sent.nothing or aftermath.put_off):
            # Something left after all, before the gate was shut.
            return self._until_seen(entry, effect, look, aftermath.quoted, memory, after=aftermath)
        found = learning.look_after(self._site, look, memory, self.story, self._pictures)
        if isinstance(found, Seen):
            return self._stands(entry, effect, found)
        if isinstance(found, CannotSee) and not aftermath.refused:
            self._ledger.unknown(entry, run=self.run, why=found.reason)
            return outcomes.unknown(effect, self.run, found.reason)
        for each, one in entries:
            if aftermath.refused and not aftermath.sent.nothing:
                self._ledger.refused(each, run=self.run, words=aftermath.refused)
                self._said_no[key_of(one)] = aftermath
            elif aftermath.sent.nothing:
                self._ledger.unsent(each, run=self.run)
            else:
                self._ledger.put_off(each, run=self.run, why=f"{aftermath.wants}: {aftermath.quoted}")
        self._armed.difference_update(key_of(one) for _, one in entries)
        return outcomes.not_done(effect, aftermath)

    def _until_seen(
        self, entry: Entry, effect: Effect, look: LookAt, why: str, memory: Memory, *, after: Aftermath | None = None
    ) -> Settled:
        end, pause = monotonic() + self._settle_seconds, FIRST_PAUSE
        while True:
            found = learning.look_after(self._site, look, memory, self.story, self._pictures)
            if isinstance(found, Seen):
                return self._stands(entry, effect, found)
            if monotonic() >= end or self.story.unknown:
                reason = "; ".join(filter(None, (why, found.reason if isinstance(found, CannotSee) else "")))
                self._ledger.unknown(entry, run=self.run, why=reason, words=after.words if after else "")
                self._pictures.failure("not to be seen")
                rehearse_look(self._site, self._wire, self.story, self._pictures, look, memory)
                wants = "word" if self.story.unknown else after.wants if after else ""
                return outcomes.unknown(effect, self.run, reason, wants=wants)
            self._site.rest(min(pause, max(0.1, end - monotonic())))
            pause = min(pause * 2, LONGEST_PAUSE)

    def _stands(self, entry: Entry | None, effect: Effect, found: Seen) -> Settled:
        record = self.story.of(effect)
        record.have, record.seen_at = found.have, now()
        if entry is not None:
            self._ledger.seen(entry, run=self.run, site_id=found.id, have=found.have)
        ours = key_of(effect) in self._armed or (entry is not None and entry.memory.armed)
        if found.differences:
            return outcomes.differs(effect, found, ours=ours)
        if ours:
            self._pictures.after(effect, found.id)
        settled = outcomes.stands(effect, found, ours=ours)
        return learning.in_row(settled, found, self._site, self.story, self._pictures)

    def _keep(self, settled: Settled) -> Settled:
        in_a_run = settled.outcome in ("failed", "refused") and not self._only_look
        if in_a_run or settled.outcome == "screen-changed":
            self._pictures.failure(settled.outcome)
        effect, origin = settled.effect, self._site.addresses.origin
        sent = self._ledger.sent_by(origin, effect, run=self.run) if key_of(effect) in self._touched else 0
        return self.story.keep(settled, writes=sent)
