"""Which of a text's numbers is the code: those that may be it, ranked by how near they are to what is said of a code.

How TikTok's mails are laid out is not published. A code is six digits or six letters and digits; it stands beside the
words that speak of it, or alone on its line. Footers hold such numbers too: postal codes, telephones, tickets.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from bcflow.runner.codes.names import MONEY, named

# What is no sign of ASCII ends an address on the web: not every script puts a space behind it.
_ADDRESS: Final = re.compile(
    r"(?:https?://|www\.)[!#-;=?-~]+|[\w.%+*-]{1,64}@[\w.*-]{1,255}"
    r"|\b[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}[/?][!#-;=?-~]*|[?&]\w{1,40}=[!#-;=?-~]+",
    re.ASCII | re.IGNORECASE,
)
_QUOTED: Final = re.compile(r"\s*>")
_OLDER_MAIL: Final = re.compile(r"\W*original message\W*", re.IGNORECASE)
_JOINTS: Final = r"[ \-\u2010-\u2013\u00b7]"
_BEFORE, _AFTER = r"(?<![\w#&./+\-])(?<!\+\d )(?<!\+\d\d )(?<!\+\d{3} )", r"(?!\w|-(?![a-z])|[.,/]\d)"
_GROUPS: Final = rf"(?<!\d[ \-]){_BEFORE}(?:\d{{3}}{_JOINTS}\d{{3}}|\d(?:{_JOINTS}\d){{5}}){_AFTER}(?!{_JOINTS}\d)"
_MIXED: Final = rf"{_BEFORE}(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{{6}}{_AFTER}"
_MEASURE: Final = re.compile(r"\d+[a-z]+")
_FORMS: Final = re.compile(rf"{_BEFORE}\d{{6}}{_AFTER}|{_GROUPS}|{_MIXED}", re.ASCII)
_SPELLED: Final = re.compile(r"[A-Z0-9](?: [A-Z0-9]){5}")
_LETTERS: Final = re.compile(r"(?!TIKTOK)[A-Z]{6}")
_LONE: Final = re.compile(rf"\d(?:{_JOINTS}?\d){{3,7}}", re.ASCII)
_EDGES: Final = re.compile(r"^\W+|\W+$")
_NUMBER: Final = re.compile(r"(?<!\d)\d{6}(?!\d)")
_SENTENCE: Final = re.compile(r"[.!?](?=\s)|[\u3002\uff01\uff1f\u0964]")
_MONEY_AFTER: Final = re.compile(rf"\s?{MONEY}", re.IGNORECASE)
# Between a number and its own name: a short word at most ("order no. 123456"), no new line, no new sentence.
_APART: Final = r"[^\w\n.!?\u3002]"
_OWN_NAME: Final = re.compile(
    rf"{_APART}*(?:(?:(?:no|nr|num|č)\.|[^\W\d]{{1,7}}){_APART}+|[号號码碼番是为為]{{1,3}}{_APART}*)?", re.IGNORECASE
)
_PLACE: Final = re.compile(r"(?P<comma>,\s)?(?P<word>[^\W\d_][^\s:,]*),?\s$")
_COLON: Final = re.compile(r"[:\uff1a]\s?$")
_A_SENTENCE: Final = 4
# What a candidate costs: the signs between it and what is said of a code, and as many more for each of these.
_NEW_LINE, _BREAK, _GOES_BEFORE, _PLAIN_LETTERS, _WITH_LETTERS, _BEHIND_A_NAME = 40, 40, 10, 40, 30, 30
_ALONE, _COLON_BEFORE = -50, -10
# What costs more belongs to something else.
_FAR: Final = 100
_WINDOW: Final = 300


@dataclass(frozen=True, order=True)
class _Candidate:
    cost: int
    place: tuple[int, int]
    code: str
    alone: bool
    led_to: bool


def codes_in(subject: str, *bodies: str) -> tuple[str, ...]:
    """Return what may be the code in a mail's `subject` and plain-text `bodies`, the most likely first.

    Only the surest kind is given: beside what is said of a code, else alone on a line, else the only number that a
    sentence or the title leads to.
    """
    texts = [[_line(subject), *_lines(body)] for body in bodies or ("",)]
    found = sorted(each for at, lines in enumerate(texts) for each in _Text(lines).candidates(at))
    near = [each for each in found if each.cost <= _FAR]
    alone = [each for each in found if each.alone]
    led_to = [each for each in found if each.led_to]
    only = led_to if len({each.code for each in led_to}) == 1 else []
    return tuple(dict.fromkeys(each.code for each in near or alone or only))


def codes_printed(text: str) -> tuple[str, ...]:
    """Return what may be the code in what a program printed or a person typed: all of it, or as in a mail."""
    line = _line(text)
    if _LONE.fullmatch(line):
        return (_bare(line),)
    return (line,) if _LETTERS.fullmatch(line) else codes_in("", text)


def _line(text: str) -> str:
    """Return one line with plain digits and single spaces, without addresses and signs that nobody sees."""
    shown = "".join(_plain(sign) for sign in unicodedata.normalize("NFC", text))
    return " ".join(_ADDRESS.sub(" ", shown).split())


def _plain(sign: str) -> str:
    if sign.isascii():
        return sign
    kind = unicodedata.category(sign)
    return str(unicodedata.decimal(sign)) if kind == "Nd" else "" if kind == "Cf" else sign


def _lines(body: str) -> list[str]:
    """Return the lines that say something, without older mails; signs that stand one to a line are one line."""
    lines = []
    for line in body.split("\n"):
        if _OLDER_MAIL.fullmatch(line):
            break
        if not _QUOTED.match(line):
            lines.append(_line(line))
    groups = [(single, list(group)) for single, group in groupby(filter(None, lines), key=lambda line: len(line) == 1)]
    return [line for single, group in groups for line in ([" ".join(filter(str.isalnum, group))] if single else group)]


class _Text:
    """Lines, the first of which is a title, and where they speak of a code or of another number."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._text = "\n".join(lines)
        self._codes, self._others = named(self._text)
        # The title does: then the text may do without the word.
        self._speaks_of_it = bool(self._codes) and self._codes[0][0] < len(lines[0])

    def candidates(self, at: int) -> Iterator[_Candidate]:
        """Yield what may be the code; `at` is which of several texts this is."""
        begin = 0
        for number, line in enumerate(self._lines):
            # A title may well be just a number, so nothing in it counts as standing alone.
            bare = _EDGES.sub("", line) if number else ""
            alone = bool(_FORMS.fullmatch(bare) or _SPELLED.fullmatch(bare))
            whole = [(line.index(bare), line.index(bare) + len(bare))]
            spans = whole if alone or _LETTERS.fullmatch(bare) else [found.span() for found in _FORMS.finditer(line)]
            for start, end in ((begin + start, begin + end) for start, end in spans):
                if not self._is_other(start, end) and (alone or not _MEASURE.fullmatch(self._text, start, end)):
                    yield self._candidate(start, end, at=at, alone=alone)
            begin += len(line) + 1

    def _candidate(self, start: int, end: int, *, at: int, alone: bool) -> _Candidate:
        code, line = _bare(self._text[start:end]), self._text[max(0, start - _WINDOW) : start].rpartition("\n")[2]
        colon, name = bool(_COLON.search(line)), self._behind_a_name(start, line)
        cost = self._distance(start, end) + (_COLON_BEFORE if colon else name)
        if alone:
            cost += _ALONE
        elif not code.isdigit():
            cost += _PLAIN_LETTERS if code.isalpha() else _WITH_LETTERS
        sentence = colon and len(re.findall(r"\w+", line)) >= _A_SENTENCE
        led_to = code.isdigit() and (sentence or (self._speaks_of_it and not name and start > len(self._lines[0])))
        return _Candidate(cost, (at, start), code, alone, led_to)

    def _said_before(self, start: int) -> int:
        """Return where the last word for a code before `start` ends; one that is out of sight counts as none."""
        at = bisect_left(self._codes, (start, start))
        return self._codes[at - 1][1] if at else start - _WINDOW - 1

    def _distance(self, start: int, end: int) -> int:
        """Return how far it is to the nearest word for a code: in signs, more with a line, a sentence or a number."""
        said, at = self._said_before(start), bisect_right(self._codes, (end, end))
        said_next = self._codes[at][0] if at < len(self._codes) else end + _WINDOW + 1
        between = [(self._text[said:start], 0)] * (start - said <= _WINDOW)
        between += [(self._text[end:said_next], _GOES_BEFORE)] * (said_next - end <= _WINDOW)
        return min((_length(text) + more for text, more in between), default=3 * _FAR)

    def _behind_a_name(self, start: int, line: str) -> int:
        """Return what it costs to stand right behind a name, as postal codes do ("Raffles Quay, Singapore 123456")."""
        place = _PLACE.search(line) if self._said_before(start) < start - 1 else None
        if place is None or not place["word"][0].isupper():
            return 0
        return 2 * _BEHIND_A_NAME if place["comma"] else _BEHIND_A_NAME

    def _is_other(self, start: int, end: int) -> bool:
        """Whether the number has a name of its own, nearer than the word for a code, or is money."""
        beside = self._text[max(0, start - 2) : start] + self._text[end : end + 2]
        if any(unicodedata.category(sign) == "Sc" for sign in beside) or _MONEY_AFTER.match(self._text, end):
            return True
        at = bisect_left(self._others, (start, start))
        if at == 0 or (called := self._others[at - 1][1]) <= self._said_before(start):
            return False
        return bool(_OWN_NAME.fullmatch(self._text, called, start))


def _length(between: str) -> int:
    breaks = len(_SENTENCE.findall(between)) + len(_NUMBER.findall(between))
    return len(between) + _NEW_LINE * between.count("\n") + _BREAK * breaks


def _bare(code: str) -> str:
    return re.sub(_JOINTS, "", code)
