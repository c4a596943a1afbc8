"""What can go wrong, in one tree.

BcflowError
├── Refused         the site understood and said no: its own words; trying again will not help
│   └── Ambiguous   several things of the site may be the wanted one: a person must say which
├── NeedsPerson     a code, a captcha, a consent, an approval: who must do what
├── SignedOut       no session; nothing may be concluded from what was not seen
├── WrongPlace      another Business Center than the one asked for is displayed; nothing was clicked
├── ScreenChanged   the screen is not the one we know; nothing was clicked
│   └── WordsUnknown it may be, in other words: a person can say which control is meant
├── CannotSee       the list or page could not be read whole; nothing is concluded from it
├── OutcomeUnknown  a write was armed and its effect could not be seen
├── BrowserGone     the browser ended under our hands; what was going on is looked at again
├── LedgerBroken    the ledger cannot be written, so nothing may be sent
└── BadInput        file:line:field: what is wrong and what is allowed; nothing was started
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.models.identity import quoted

if TYPE_CHECKING:
    from bcflow.models.unknown import UnknownWords


class BcflowError(Exception):
    """Anything bcflow itself has to say; its text is meant for the operator."""


class Refused(BcflowError):
    """The site understood and said no, in its own words."""


class Ambiguous(Refused):
    """Several things of the site may be the wanted one; nothing was written."""

    def __init__(self, what: str, candidates: tuple[str, ...]) -> None:
        """Say `what` is found, and the ids of those that may be meant."""
        super().__init__(what)
        self.candidates = candidates


class NeedsPerson(BcflowError):
    """Only a person can go on: a code, a captcha, a consent, an approval."""

    def __init__(self, kind: str, what: str) -> None:
        """Say what `kind` of help is needed (`code`, `captcha`, `consent`, `sign-in`) and `what` to do."""
        super().__init__(what)
        self.kind = kind


class SignedOut(BcflowError):
    """There is no session, so what was not seen proves nothing."""


class WrongPlace(BcflowError):
    """The page shows another Business Center or account than the one asked for."""


class ScreenChanged(BcflowError):
    """The screen is not the one we know; nothing was clicked."""

    def __init__(self, screen: str, missing: str, *, found: str = "", concept: str = "") -> None:
        """Name the `screen`, the element that is `missing`, and what was `found` instead.

        `concept` is what the label files call it: if it only has another word, that can be taught.
        """
        instead = f"; there is instead: {found}" if found else ""
        super().__init__(f"{screen}: {missing} was not found{instead}")
        self.screen = screen
        self.missing = missing
        self.concept = concept


class WordsUnknown(ScreenChanged):
    """The screen has what is looked for under words that nobody knows yet; nothing was clicked."""

    def __init__(self, unknown: UnknownWords) -> None:
        """Keep what is `unknown`, and name it."""
        offered = [one.text for word in unknown.words for one in word.candidates]
        found = ", ".join(quoted(each) for each in dict.fromkeys(offered))
        super().__init__(unknown.screen, ", ".join(word.what for word in unknown.words), found=found)
        self.unknown = unknown


class CannotSee(BcflowError):
    """A list or page could not be read whole; nothing is concluded from it."""


class OutcomeUnknown(BcflowError):
    """A write may have been sent and its effect could not be seen."""


class BrowserGone(BcflowError):
    """The browser ended under our hands; what was going on is looked at again with a new one."""


class LedgerBroken(BcflowError):
    """The ledger cannot be written, so nothing may be sent."""


class BadInput(BcflowError):
    """The input is wrong; nothing was started."""

    def __init__(self, problems: list[str]) -> None:
        """Keep every problem, one clear line each."""
        super().__init__("\n".join(problems))
        self.problems = problems
