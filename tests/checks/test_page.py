"""The page: what it says, which pictures are in it, what is marked, and that it is inert whatever a site writes."""

import base64
import re
import struct
from pathlib import Path

import pytest
from playwright.sync_api import Page

from bcflow.models.ui_check import UiCheck
from bcflow.runner.checks.cards import Line, diff
from bcflow.runner.checks.compare import compare
from bcflow.runner.checks.page import page as page_of
from tests.support.ui_checks import CONTROLS, check, element, screen

ROLES = {"screen": "roles", "concept": "admin", "kind": "list", "text": "Admin"}
BEFORE = check(
    element(),
    element(**ROLES),
    screens=[screen(picture="list.png"), screen(screen="roles", picture="roles.png")],
)
NOW = check(
    element(standing="candidate", text="Bring aboard", why="the only button above the list"),
    element(**ROLES),
    screens=[
        screen(picture="list.png", controls=["button: Bring aboard", *CONTROLS[1:-1]]),
        screen(screen="roles", picture="roles.png"),
    ],
)
HOSTILE = (
    '</title></style><script>alert(1)</script><img src="https://evil.example/x.png" onerror="alert(2)">\x1b[31m\u202e'
)


def png(name: str) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + bytes(8) + struct.pack(">II", 1440, 900) + name.encode()


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Give the folder of the check's pictures and that of the baseline's."""
    for side in ("now", "before"):
        (tmp_path / side).mkdir()
        for name in ("list", "roles"):
            (tmp_path / side / f"{name}.png").write_bytes(png(f"{side} {name}"))
    return tmp_path / "now", tmp_path / "before"


def made(folders: tuple[Path, Path], now: UiCheck = NOW, before: UiCheck | None = BEFORE, **more: float) -> str:
    limits = {"most": int(more["most"])} if "most" in more else {}
    now_folder, before_folder = folders
    found = compare(before, now)
    return page_of(
        found,
        now,
        pictures=now_folder,
        before=before,
        pictures_before=before_folder,
        min_coverage=more.get("min_coverage"),
        **limits,
    )


def plain(html: str) -> str:
    """Return the text of a page, its white space folded."""
    body = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def inside(html: str) -> list[bytes]:
    """Return which pictures are in a page, in their order."""
    return [base64.b64decode(data)[24:] for data in re.findall(r"data:image/png;base64,([^\"]+)\"", html)]


def test_the_head_says_what_stops_where_and_when(folders: tuple[Path, Path]) -> None:
    text = plain(made(folders))
    for said in (
        "Check of the site's screens · 24 Nov 2026, 20:19 UTC 1 flow stops",
        "https://business.example · language en · compared with the baseline",
        "With the site as it is, these stop: invite-member.",
        "2 of 2 seen",
        "1 structure The screen is built otherwise",
        "1 label A word that is not known",
        "Words to accept",
    ):
        assert said in text
    assert "blocking" not in text
    assert "Could not be checked" not in text


@pytest.mark.parametrize(
    ("now", "before", "least", "title"),
    [
        (BEFORE, BEFORE, None, "All is as before"),
        (BEFORE, None, None, "All is as the flows need it"),
        (BEFORE, BEFORE, 1.1, "It could not be checked"),
        (
            check(element(), element(**ROLES), screens=[screen(path="/x")]),
            check(screens=[screen()]),
            None,
            "Changed, and no flow stops",
        ),
    ],
)
def test_the_title_is_the_verdict(
    now: UiCheck, before: UiCheck | None, least: float | None, title: str, folders: tuple[Path, Path]
) -> None:
    html = made(folders, now, before, **({"min_coverage": least} if least else {}))
    assert f"<h1>{title}</h1>" in html
    assert ("Could not be checked" in html) == (title == "It could not be checked")
    assert "Flows that stop" not in html


def test_a_changed_screen_has_both_pictures_its_findings_and_the_command(folders: tuple[Path, Path]) -> None:
    html = made(folders)
    card = html[html.index('<section class="card"') : html.index("Unchanged")]
    assert inside(card) == [b"before list", b"now list"]
    text = plain(card)
    assert "label The button “invite member” goes by no known word; “Bring aboard” may be it." in text
    assert "Invite member → Bring aboard Stops: invite-member" in text
    assert "Proposed: Bring aboard What speaks for it: the only button above the list" in text
    assert "<code>bcflow labels add &#34;invite member&#34; &#34;Bring aboard&#34;</code>" in card
    assert html.count('<section class="card"') == 1
    assert 'href="#screen-1"' in html


def test_what_changed_among_the_controls_is_marked(folders: tuple[Path, Path]) -> None:
    html = made(folders)
    for marked in ('<del dir="auto">button: Invite member</del>', '<ins dir="auto">button: Bring aboard</ins>'):
        assert marked in html
    assert '<li class="gone"><del dir="auto">button: Export</del></li>' in html


def test_an_unchanged_screen_is_folded_away_with_one_picture(folders: tuple[Path, Path]) -> None:
    html = made(folders)
    folded = html[html.index("Unchanged") :]
    assert '<details class="same">' in folded
    assert inside(folded) == [b"now roles"]


def test_an_outline_that_changed_is_shown_open_and_otherwise_folded(folders: tuple[Path, Path]) -> None:
    changed = check(element(), screens=[screen(outline=['- heading "People"'])])
    assert "<details open>" in made(folders, changed, check())
    assert '<ins dir="auto">heading &#34;People&#34;</ins>' in made(folders, changed, check())
    said = check(element(), screens=[screen(controls=CONTROLS[:-1], outline=screen().outline[:-1])])
    html = made(folders, said, check())
    assert "<details>" in html
    assert "<details open>" not in html


def test_in_another_language_no_words_are_marked_and_the_site_is_said_to_speak_it(folders: tuple[Path, Path]) -> None:
    html = made(folders, NOW.model_copy(update={"language": "vi"}))
    assert "The whole site" in html
    assert 'class="gone"' not in html


def test_pictures_that_have_no_room_are_named_those_of_changed_screens_last(folders: tuple[Path, Path]) -> None:
    sizes = [path.stat().st_size for path in (folders[1] / "list.png", folders[0] / "list.png")]
    html = made(folders, most=sum(sizes))
    assert inside(html) == [b"before list", b"now list"]
    assert '<a href="roles.png">roles.png</a>' in html
    html = made(folders, most=0)
    assert inside(html) == []
    assert "list.png of the baseline" in html


@pytest.mark.parametrize("name", ["", "none.png", "../before/list.png", "note.png"])
def test_a_picture_that_is_none_or_elsewhere_is_said_to_be_missing(name: str, folders: tuple[Path, Path]) -> None:
    (folders[0] / "note.png").write_text("no picture", encoding="utf-8")
    (folders[0] / "list.png").unlink()
    html = made(folders, check(element(), screens=[screen(picture=name, path="/x")]), BEFORE)
    assert sorted(inside(html)) == [b"before list", b"before roles"]
    assert "There is no picture of it." in html


def test_a_screen_that_is_gone_shows_how_it_was(folders: tuple[Path, Path]) -> None:
    now = check(element(standing="missing", text=""), element(**ROLES), screens=NOW.screens[1:])
    html = made(folders, now)
    card = html[html.index('<section class="card"') : html.index("Unchanged")]
    assert "The screen is gone." in card
    assert inside(card) == [b"before list"]


def test_what_was_not_reached_is_listed(folders: tuple[Path, Path]) -> None:
    away = element(screen="partners", standing="not reached", text="", why="no partner")
    text = plain(made(folders, check(element(), away, could_not=["partners: signed out"]), check(element())))
    assert "Not reached 1 partners, list" in text
    assert "Could not be checked partners: signed out" in text


def test_a_diff_shows_what_is_beside_a_change_and_marks_what_moved() -> None:
    old = ["a", "b", "c", "d", "e", "f", "g"]
    new = ["a", "b", "c", "d", "X", "f", "g"]
    assert diff(old, new) == [
        Line("gap"),
        Line("same", "d"),
        Line("gone", "e"),
        Line("new", "X"),
        Line("same", "f"),
        Line("gap"),
    ]
    assert diff(["a", "b", "c"], ["c", "a", "b"]) == [
        Line("moved here", "c"),
        Line("same", "a"),
        Line("same", "b"),
        Line("moved away", "c"),
    ]
    assert diff(old, old) == []


def test_the_page_is_inert_and_fits_whatever_a_site_writes(folders: tuple[Path, Path], page: Page) -> None:
    bad = element(standing="candidate", text=HOSTILE * 3, why=HOSTILE, concept="x" * 200, screen=HOSTILE)
    seen = screen(screen=HOSTILE, path=HOSTILE, controls=[HOSTILE], outline=[HOSTILE], picture="list.png")
    before = check(element(screen=HOSTILE), screens=[screen(screen=HOSTILE, picture="list.png")])
    html = made(folders, check(bad, screens=[seen], could_not=[HOSTILE], site=HOSTILE), before)
    assert not {"\x1b", "\u202e"} & {*html}
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.on("request", lambda request: complaints.append(request.url))
    (folders[0] / "page.html").write_text(html, encoding="utf-8")
    page.goto((folders[0] / "page.html").as_uri())
    assert [line for line in complaints if not line.startswith(("file:", "data:"))] == []
    assert page.locator("script").count() == 0
    assert page.locator(".finding").count() >= 3
    for width in (380, 1600):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
