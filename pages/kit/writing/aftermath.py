"""What the page does after the one click that sends: signs that something came of it, and that it has ended.

A toast lives 3 s, an error may be a toast, a form help or a banner, the dialog may close, ask for a code or a
captcha, ask something else, send a second request, or do nothing at all. None of this proves the effect; it only
tells when to look and what the site said.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Literal

from playwright.sync_api import Error as PlaywrightError

from bcflow.pages.kit import css
from bcflow.pages.kit.screen.page_scan import scan
from bcflow.pages.kit.widgets import fields
from bcflow.pages.kit.widgets.surface import on_top
from bcflow.pages.kit.writing.armed import names
from bcflow.pages.kit.writing.code_prompt import KIND, CodePrompt, asks
from bcflow.pages.labels import refusals

if TYPE_CHECKING:
    from bcflow.pages.kit.widgets.surface import Surface
    from bcflow.pages.kit.writing.armed import Sent
    from bcflow.pages.kit.writing.commit import Commit

MOST_NEWS = 3
SILENCE_SECONDS = 6.0
"""How long a click may go without any sign before it counts as having done nothing (rate limits do that)."""
ANSWER_SECONDS = 30.0
FORM_SAYS_SECONDS = 1.0
"""A form that says what is wrong with one of its fields, and sends nothing for this long, sends nothing."""
LINGER_SECONDS = 2.0
"""How long to wait for the page's own words after an answer that was no yes."""
QUIET_SECONDS = 0.35
"""A page whose form has closed after a yes and that asks for nothing for this long has ended."""
OPEN_SECONDS = 3.0
"""The same while the form stays open: a code or a second request may still come."""

Wants = Literal["", "code", "captcha"]


@dataclass(frozen=True)
class Aftermath:
    """What was seen after the click; `said` is the site's own words, if any.

    `wants` is the help that only a person can give, `question` a dialog that nobody knows and nobody answered,
    `told_by_form` says that the words are a form's own about what it was filled with.
    """

    sent: Sent
    said: str = ""
    wants: Wants = ""
    question: str = ""
    told_by_form: bool = False
    trouble: str = ""
    knows_no: refusals.Knows = refusals.knows

    @property
    def refused(self) -> str:
        """Return the site's no in its own words, or nothing: only what is known to be a no is one.

        Whatever else it answered, or a yes to any request that does something, leaves open what happened.
        """
        if self.sent.busy or self.sent.began():
            return ""
        if self.sent.nothing:
            return self.said if self.told_by_form else ""
        words = [self.said, self.question, *(answer.msg for answer in self.sent.answers)]
        for answer in self.sent.answers:
            if not answer.is_yes and not self.knows_no(answer.status, answer.code, words):
                return ""
        noes = [answer for answer in self.sent.answers if not answer.is_yes]
        if not noes or len(self.sent.answers) < len(self.sent.writes):
            return ""
        return self.words or f"error {noes[-1].code or noes[-1].status}"

    @property
    def words(self) -> str:
        """Return what the site said against it, on the page or else in its last answer that was no yes."""
        noes = [answer.msg for answer in self.sent.answers if not answer.is_yes]
        return self.said or self.question or (noes[-1] if noes else "")

    @property
    def put_off(self) -> bool:
        """Say whether the site wants a person's help first, and neither did anything yet nor owes an answer."""
        asked = bool(self.wants) and not self.sent.busy and not self.sent.began()
        return asked and len(self.sent.answers) + len(self.sent.earlier) >= len(self.sent.writes)

    @property
    def quoted(self) -> str:
        """Return everything the site said, on the page and in its answers, for a message."""
        answers = [
            f"{'' if answer.msg in self.said else f'{answer.msg}: '}answer {answer.code or answer.status}"
            for answer in self.sent.answers
            if not answer.is_yes
        ]
        stopped = f"stopped: {names(self.sent.stopped)}" if self.sent.stopped else ""
        texts = (self.said, self.question, *answers, self.trouble, stopped)
        return "; ".join(dict.fromkeys(text.removesuffix(".") for text in texts if text))


@dataclass(frozen=True)
class _Seen:
    captcha: bool
    asks_for_code: bool
    says: list[str]
    form_says: bool


class ClickWatch:
    """Watches one click."""

    def __init__(self, commit: Commit, sent: Sent, *, knows_no: refusals.Knows) -> None:
        """Watch the click of `commit`; `sent` is what leaves, `knows_no` says what is known to be a no."""
        self._site = commit.surface.site
        self._commit = commit
        self._sent = sent
        self._knows_no = knows_no

    def begin(self) -> None:
        """Remember what speaks on the page already, so that only new words count."""
        before = self._seen()
        self._before, self._captcha = before.says, before.captcha
        self._lines = fields.lines(self._commit.surface.root)
        self._answers = len(self._sent.answers)
        self._address, self._heard = self._site.page.url, self._site.traffic.answered_beside(self._sent.writes)
        self._moved = monotonic()
        self._question = ""
        self._confirmed: Surface | None = None

    def read(self, *, trouble: str = "") -> Aftermath:
        """Wait until the page has ended what the click began, and return what was seen."""
        words: list[str] = []
        form_says = False

        def look() -> str | None:
            nonlocal form_says
            try:
                seen = self._seen()
                news = [text for text in seen.says if text not in self._before]
                words[:] = list(dict.fromkeys([*words, *news]))
                form_says = bool(news) and seen.form_says
                return self._sign(seen, form_says=form_says, speaks=bool(words))
            except PlaywrightError:
                # The page is being replaced: that is what a write that worked may do.
                return None

        sign = self._site.until(look, seconds=ANSWER_SECONDS) or "nothing"
        if self._sent.nothing and self._is_open():
            # A toast may say no more than that something is wrong: what, stands in the form.
            news = fields.news(self._commit.surface.root, self._lines)
            words += [text for text in news if text not in words][:MOST_NEWS]
        return Aftermath(
            sent=self._sent,
            said="; ".join(words),
            wants=sign if sign in ("code", "captcha") else "",  # type: ignore[arg-type]
            question=self._question,
            told_by_form=form_says and sign == "said",
            trouble=trouble,
            knows_no=self._knows_no,
        )

    def _sign(self, seen: _Seen, *, form_says: bool, speaks: bool) -> str | None:
        sent = self._sent
        wanted = self._wanted(seen)
        now = monotonic()
        if wanted:
            return wanted
        if sent.busy or not self._site.traffic.idle():
            self._moved = now
            return None
        if not sent.began() and self._asks_something():
            return "question"
        if len(sent.answers) > self._answers:
            ended = self._after_answer(quiet=now - self._moved, speaks=speaks)
            # What covers the form may be the very dialog that asks for a code, come up since `seen` was read.
            return (self._wanted(self._seen()) or ended) if ended else None
        if form_says and sent.nothing and now - self._moved > FORM_SAYS_SECONDS:
            return "said"
        return "nothing" if now - self._moved > SILENCE_SECONDS else None

    def _wanted(self, seen: _Seen) -> str | None:
        news = self._sent.answers[self._answers :]
        if (seen.captcha and not self._captcha) or any(each.wants_captcha for each in news):
            return "captcha"
        return "code" if seen.asks_for_code else None

    def _after_answer(self, *, quiet: float, speaks: bool) -> str | None:
        """Say whether the page has ended: form gone and its own requests answered, or words, or silence."""
        if not all(answer.is_yes for answer in self._sent.answers[self._answers :]):
            return "answered" if speaks or quiet > LINGER_SECONDS else None
        if self._site.page.url != self._address:
            return "answered"
        if self._is_open():
            return "answered" if quiet > OPEN_SECONDS else None
        # A page that has asked for its list anew has nothing more to say about the write.
        goes_on = self._site.traffic.answered_beside(self._sent.writes) > self._heard
        return "answered" if goes_on or quiet > QUIET_SECONDS else None

    def _is_open(self) -> bool:
        """Whether the form is still what a person would act on: neither closed nor covered by another dialog."""
        if not self._commit.surface.same_as(on_top(self._site)):
            # A dialog over a whole page may have a button of the same word.
            return False
        return self._commit.button.is_visible()

    def _seen(self) -> _Seen:
        """Look for a captcha, a code prompt and error texts (toasts, form helps, banners), in one message."""
        page = self._site.page
        no = page.locator(css.SAYS_NO).or_(page.locator(css.CAPTCHA)).filter(visible=True)
        helps = self._commit.surface.root.locator(css.FIELD_ERROR).filter(visible=True)
        anything = CodePrompt(self._site).fields().or_(no).or_(helps)
        read = anything.evaluate_all(_SIGNS, [css.SAYS_NO, css.FIELD_ERROR, css.CAPTCHA])
        helping = fields.worded(read["errors"])
        says = [*fields.worded([("", text) for text in read["no"]]), *helping]
        return _Seen(read["captcha"], asks(read["codes"]), says, bool(helping))

    def _asks_something(self) -> bool:
        """Whether a dialog came up over the form that is not known; a known one is confirmed, once."""
        now = on_top(self._site)
        if now.is_page or (not self._commit.surface.is_page and now.same_as(self._commit.surface)):
            return False
        if self._confirmed is not None and now.same_as(self._confirmed):
            return False
        if scan(self._site).code:
            # Its field for the code is marked now, and is seen at the next look.
            return False
        button = now.find_button("confirm", "submit", "yes")
        if self._confirmed is None and self._is_known(now) and button is not None and button.is_enabled():
            self._confirmed, self._moved = now, monotonic()
            button.click()
            return False
        self._question = " ".join(now.text().split())[:400] or "a dialog without words"
        return True

    def _is_known(self, dialog: Surface) -> bool:
        """Whether the labels know everything the dialog says, its buttons left aside."""
        buttons = {" ".join(text.split()) for text in dialog.root.get_by_role("button").all_inner_texts()}
        lines = [" ".join(line.split()) for line in dialog.text().split("\n")]
        said = [line for line in lines if line and line not in buttons]
        return bool(said) and all(self._site.words.matches("are you sure", line) for line in said)


_SIGNS = f"""(all, [no, help, captcha]) => ({{
  captcha: all.some(e => e.matches(captcha)),
  no: all.filter(e => e.matches(no)).map(e => e.innerText),
  errors: all.filter(e => e.matches(help)).map({fields.ERROR}),
  codes: all.filter(e => !e.matches(`${{no}}, ${{help}}, ${{captcha}}`)).map({KIND}),
}})"""
