"""When two spellings are the same word, for Python and for the browser alike.

Playwright hands a pattern's source to JavaScript with no flag but `i`, and tests it against raw page text.
So nothing here may rest on what the two engines see differently: Python's `i` takes the Turkish İ for an i
and JavaScript's does not, and neither knows that é and e + accent are one letter. Each letter is spelled
out instead, and quotes and slashes are escaped by code, because Playwright re-escapes bare ones.
"""

import re
import unicodedata
from collections.abc import Iterable
from itertools import permutations

_DIGIT = "[0-9\\u0660-\\u0669\\u06f0-\\u06f9]"
_SEPARATOR = "[.,\\x27\\u2019\\u066c\\s]"
# Thousands in groups of three, or of two and three as in India.
NUMBER = f"{_DIGIT}+(?:{_SEPARATOR}{_DIGIT}{{2,3}})*"
# Spaces of every kind, and the invisible marks that right-to-left pages carry.
_BLANK = "[\\s\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2069\\ufeff]"
_COUNT = f"(?:\\s*(?:[(\\uff08\\[]\\s*{NUMBER}\\+?\\s*[)\\uff09\\]]|{NUMBER}\\+?))?"
_ANYTHING = "[\\s\\S]+?"
# A number needs no space round it (合計35件); another text is cut out as it stands.
_PLACE = re.compile(r"\s*\$\{(?P<number>total|count)\}\s*|\$\{\w+\}")
_SAME = {
    "i": "[iI\\u0130\\u0131]\\u0307?",
    "'": "[\\x27\\u2018\\u2019\\u02bc\\u0060]",
    '"': "[\\x22\\u201c\\u201d]",
    "/": "\\s*[\\/\\uff0f]\\s*",
    "-": "[-\\u2010\\u2011]",
    "ss": "(?:[\\u00df\\u1e9e]|ss)",  # what ß folds to
}
_FOLDED = str.maketrans(
    {"\u0131": "i", "\u2018": "'", "\u2019": "'", "\u02bc": "'", "`": "'", "\u201c": '"', "\u201d": '"'}
    | {"\u2010": "-", "\u2011": "-", "\uff0f": "/"}
)
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def fold(text: str) -> str:
    """Give all spellings of a text one form: NFC, small letters, plain quotes, single spaces."""
    plain = unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).casefold()
    plain = plain.replace("i\u0307", "i").translate(_FOLDED)
    return re.sub(r"\s*/\s*", "/", " ".join(plain.split()))


def exactly(texts: Iterable[str], kind: str) -> str:
    """Write the source of a pattern for these texts, to be anchored and compiled with IGNORECASE.

    A count such as "(33)" or "33" may follow. What a kind of text may carry besides is let pass: the `*` and
    `:` of a caption, the `+` of a button, the dots of a placeholder.
    """
    before, after = _TRIMMINGS.get(kind, ("", ""))
    choice = "|".join(_source(text) for text in texts)
    return f"{_BLANK}*{before}(?:{choice}){_COUNT}{after}{_BLANK}*"


def with_number(text: str) -> str:
    """Write the source of a pattern for a text with one number in it: the group `number`."""
    return f"{_BLANK}*{_source(text, number=f'(?P<number>{NUMBER})')}{_BLANK}*"


def optional_mark(texts: Iterable[str]) -> str:
    """Write the source for "(optional)" after a caption, in any of these words."""
    return f"(?:\\s*[(\\uff08]\\s*(?:{'|'.join(_spelled(text) for text in texts)})\\s*[)\\uff09])?"


_TRIMMINGS = {
    "label": ("(?:\\*\\s*)?", "\\s*[*:\\uff1a]*"),
    "button": ("(?:[+\\uff0b]\\s*)?", ""),
    "placeholder": ("", "(?:\\u2026|\\.{3})?"),
}


def _source(text: str, number: str = NUMBER) -> str:
    source, at = "", 0
    for place in _PLACE.finditer(text):
        source += _spelled(text[at : place.start()]) + (f"\\s*{number}\\s*" if place["number"] else _ANYTHING)
        at = place.end()
    return source + _spelled(text[at:])


def _spelled(text: str) -> str:
    return "".join(_letter(letter) for letter in unicodedata.normalize("NFC", text))


def _letter(letter: str) -> str:
    if letter.isspace():
        return "\\s+"
    low = fold(letter)
    if low in _SAME:
        return _SAME[low]
    forms = sorted(_equivalents(letter), key=len)
    escaped = [re.escape(form) for form in forms]
    return escaped[0] if len(escaped) == 1 else f"(?:{'|'.join(escaped)})"


def _equivalents(letter: str) -> set[str]:
    """List every equal spelling of one letter: ệ, e + two marks, ê + a mark, ẹ + a mark."""
    decomposed = unicodedata.normalize("NFD", letter)
    base, marks = decomposed[0], decomposed[1:]
    forms = {letter}
    for order in permutations(marks):
        for cut in range(len(order) + 1):
            form = unicodedata.normalize("NFC", base + "".join(order[:cut])) + "".join(order[cut:])
            if unicodedata.normalize("NFC", form) == letter:
                forms.add(form)
    return forms
