import re
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bcflow.models.identity import (
    canonical_email,
    canonical_name,
    check_bare,
    check_seen,
    fold,
    quoted,
    quotes_round,
    same_email,
    trim,
    written_email,
)

unhurried = settings(deadline=None)  # the first example loads tables; the machine may be shared


def reasons(attempt: Callable[[], object]) -> list[str]:
    """Return why the attempt was refused, or nothing."""
    try:
        attempt()
    except ValueError as error:
        return [str(error)]
    return []


@pytest.mark.parametrize(
    ("text", "identity"),
    [
        (" Ana@Acme.Example ", "ana@acme.example"),
        ("\u200bana@acme.example\u00a0", "ana@acme.example"),
        ("ana@bücher.example", "ana@xn--bcher-kva.example"),
        ("ana@BU\u0308CHER.example", "ana@xn--bcher-kva.example"),
        ("ana@xn--bcher-kva.example", "ana@xn--bcher-kva.example"),
        ("a.n.a+x@acme.example", "a.n.a+x@acme.example"),
        ("o'neil@acme.example", "o'neil@acme.example"),
    ],
)
def test_an_email_has_one_identity(text: str, identity: str) -> None:
    assert canonical_email(text) == identity


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ana",
        "ana@",
        "@acme.example",
        "ana@acme",
        "a na@acme.example",
        "Ana <ana@acme.example>",
        "a@b.example;c@d.example",
        "a@b.example, c@d.example",
        "a@b..example",
        ".a@b.example",
        "a..b@c.example",
        "a@1.2.3.4",
        "a@-b.example",
        f"{'a' * 65}@b.example",
        "a\ud800@b.example",
        "mailto:a@b.example",
    ],
)
def test_what_is_not_one_email_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        canonical_email(text)


SIGNS_OUTSIDE_ASCII = (
    "\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb\u2039\u300c\uff02\u00b4"  # quotes
    "\u2022\u00b7\u25aa\u25cf\u25ba\u2192\u2713\U0001f4e7\u2013\u2014\u2212\u2026"  # bullets and dashes
    "\u00b9\u2122\u2460"  # of notes and trade marks
)


@pytest.mark.parametrize("sign", [*SIGNS_OUTSIDE_ASCII, *"'*/=|`-+~^?!{}"])
def test_a_sign_that_came_along_in_front_is_named(sign: str) -> None:
    with pytest.raises(ValueError, match=re.escape(f"has a '{sign}' that is no part of it; give the bare address")):
        check_bare(f" {sign}ana@acme.example")


@pytest.mark.parametrize("sign", SIGNS_OUTSIDE_ASCII)
@pytest.mark.parametrize(
    "shape", ["{}ana@acme.example", "ana{}@acme.example", "a{}na@acme.example", "ana@acme.example{}"]
)
def test_a_sign_outside_ascii_is_no_part_of_an_email_wherever_it_stands(shape: str, sign: str) -> None:
    with pytest.raises(ValueError, match="bare address"):
        check_bare(shape.format(sign))


@pytest.mark.parametrize(
    "text",
    [
        *("o'brien@acme.example", "first+tag@acme.example", "a-b_c.d@acme.example", "_ana@acme.example"),
        *("ops=acme.example@bounce.example", "ana/bo@acme.example", "100%ana@acme.example", "$ana@acme.example"),
        *("jos\u00e9@acme.example", "\u0430\u043d\u0430@acme.example", "\u5b89\u5a1c@acme.example"),
        *("\u0e2d\u0e31\u0e19@acme.example", "\u0623\u0646\u0627@acme.example", "\u0905\u0928\u093e@acme.example"),
        "ana@\u0645\u062b\u0627\u0644\u3002example",
    ],
)
def test_legal_addresses_stay_as_they_are(text: str) -> None:
    check_bare(text)
    assert written_email(text).partition("@")[0] == text.partition("@")[0]


def test_what_a_page_puts_into_an_address_makes_it_no_other_one() -> None:
    assert same_email("ana@acme\u200b.exam\u00adple", "ana@acme.example")


@unhurried
@given(st.emails())
def test_an_email_keeps_its_identity(text: str) -> None:
    try:
        identity = canonical_email(text)
    except ValueError:
        return
    assert canonical_email(identity) == identity
    assert same_email(identity.upper(), identity)
    assert canonical_email(written_email(text)) == identity


@unhurried
@given(st.text())
def test_any_text_is_an_email_or_a_reason(text: str) -> None:
    assert all(line.isprintable() for line in reasons(lambda: canonical_email(text)))


def test_dots_and_plus_parts_make_another_email() -> None:
    assert not same_email("an.a@acme.example", "ana@acme.example")
    assert not same_email("ana+x@acme.example", "ana@acme.example")


def test_a_masked_email_is_never_the_same() -> None:
    assert not same_email("a***", "a***")


def test_typing_does_not_turn_one_mailbox_into_another() -> None:
    assert written_email("Straße@acme.example") == "Straße@acme.example"
    assert written_email("Ana@acme.example") == "ana@acme.example"


def test_a_name_is_exact_but_for_white_space_and_composition() -> None:
    assert canonical_name("  Acme\u00a0 \tUS ") == "Acme US"
    assert canonical_name("Cafe\u0301") == "Café"
    assert canonical_name("acme") != canonical_name("Acme")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "O'Brien",
            "Smith-Jones",
            "AT&T",
            "A/B",
            "Caf\u00e9",
            '27" Screens',
            "\u0416\u0443\u043a",
            "\u5e83\u544a",
            "\ud55c\uad6d",
        ),
        *(
            "\u05e9\u05dc\u05d5\u05dd (ABC)",
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            "\u0915\u094d\u200d\u0937",
            "\u09b0\u200d\u09cd\u09af",
        ),
        *(
            "\U0001f468\u200d\U0001f469\u200d\U0001f467 & Co",
            "\u2764\ufe0f\u200d\U0001f525",
            "1\ufe0f\u20e3",
            "\U0001f44d\U0001f3fd",
            "\u2764\ufe0e",
        ),
        *(
            "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
            "\U0001f1e9\U0001f1ea",
            "\u845b\U000e0100\u57ce",
        ),
        *("\u182e\u180b", "\U0001f469\U0001f3fd\u200d\u2696\ufe0f"),
    ],
)
def test_letters_that_belong_to_a_script_or_an_emoji_are_seen(text: str) -> None:
    check_seen(text)
    assert trim(f"\u2067 {text}\u200f\u2069\u202c") == text


HIDDEN = (
    "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2060\u2066\u2069"
    "\u3164\ufe0f\ufeff\ufffc\U000e0041\U000e0100"
)


@pytest.mark.parametrize("letter", HIDDEN)
def test_a_letter_that_nobody_sees_is_named_with_what_stands_before_it(letter: str) -> None:
    with pytest.raises(ValueError, match=rf"invisible character behind 'Acm' \(U\+{ord(letter):04X}.*type it again"):
        check_seen(f"Acm{letter}e")


def test_a_joiner_of_an_emoji_alone_is_seen_by_nobody() -> None:
    for text in ("\U0001f468\u200d", "\U0001f468\u200d Acme", "Acme \ufe0f", "A\ufe0f", "1\ufe0f"):
        with pytest.raises(ValueError, match="invisible"):
            check_seen(text)


@unhurried
@given(st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1))
def test_what_is_printed_is_seen_with_any_direction_marks_round_it(text: str) -> None:
    fillers = dict.fromkeys(map(ord, "\u115f\u1160\u3164\uffa0\ufffc"))
    plain = text.translate(fillers)
    check_seen(plain)
    assert trim(f"\u202a{plain}\u202c") == plain


@pytest.mark.parametrize(
    "quotes",
    [
        "\u201c\u201d",
        "\u201e\u201c",
        "\u201d\u201d",
        "\u2018\u2019",
        "\u00ab\u00bb",
        "\u00bb\u00ab",
        "\u2039\u203a",
        '""',
        "''",
        "``",
        "\uff02\uff02",
    ],
)
def test_quotes_round_a_whole_text_are_told(quotes: str) -> None:
    first, last = quotes[0], quotes[1]
    assert quotes_round(f"{first}Acme US{last}") == quotes
    assert quotes_round(f"Shop {first}Acme{last}") == quotes_round(f"{first}A{last} and {first}B{last}") == ""


@pytest.mark.parametrize("text", ["\u201cAcme US", "\u201eAcme", "\u00abAcme", '"Acme'])
def test_a_quote_that_is_never_closed_is_told(text: str) -> None:
    assert quotes_round(text) == text[0]


@pytest.mark.parametrize(
    "text", ["'s-Hertogenbosch", "\u2019t Hart", "\u2018t Hart", "Pizza 12\u201d", "O\u2019Brien", "", "'", "Chris'"]
)
def test_an_apostrophe_is_no_quote(text: str) -> None:
    assert quotes_round(text) == ""


@unhurried
@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(unicodedata.normalize("NFD", text)) == fold(text)


@pytest.mark.parametrize("word", ["İptal", "I\u0307ptal", "iptal", "IPTAL", "İPTAL", "\u0131ptal", " İptal\u00a0"])
def test_turkish_words_match_however_the_page_writes_them(word: str) -> None:
    assert fold(word) == fold("İptal")


@pytest.mark.parametrize(("left", "right"), [("STRASSE", "straße"), ("Invite\u200b  Member", "invite member")])
def test_words_on_screen_match_without_case_and_white_space(left: str, right: str) -> None:
    assert fold(left) == fold(right)


@unhurried
@given(st.text())
def test_what_is_shown_fits_one_printable_line(text: str) -> None:
    assert quoted(text).isprintable()
    assert len(quoted(text)) <= 63


@unhurried
@given(st.text())
def test_trimming_leaves_no_white_space_at_the_ends(text: str) -> None:
    assert trim(text) == trim(text).strip()
