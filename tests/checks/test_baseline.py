"""A baseline in files: what comes back, what stays untouched, what is removed, and what is refused."""

import json
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bcflow.flows.declared import states_of
from bcflow.models.errors import BadInput
from bcflow.models.ui_check import ElementSeen, ScreenSeen, UiCheck
from bcflow.runner.browser.ui.examples import examples
from bcflow.runner.checks.baseline import load, pictures_of, save, saved_language
from bcflow.runner.checks.compare import compare
from bcflow.runner.checks.plain_files import language_name, state_name
from tests.support.ui_checks import check, element, screen

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
PNG = b"\x89PNG\r\n\x1a\n"
AWAY = element(standing="not reached", text="", why="no partner")
TEXT = st.text(max_size=12)
PLACES = st.tuples(
    st.sampled_from(["Members", "the registration", "Ad accounts"]), st.sampled_from(["list", "form, step 2", "ß"])
)


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    (folder / "01.png").write_bytes(PNG + b"one")
    return folder


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "baseline"


def names(changed: list[Path]) -> list[str]:
    return sorted(path.name for path in changed)


def loaded(folder: Path, language: str = "en") -> UiCheck:
    found = load(folder, language)
    assert found
    return found


@st.composite
def checks(draw: st.DrawFn) -> UiCheck:
    screens = [
        ScreenSeen(
            screen=name,
            state=state,
            path=draw(TEXT),
            kit=draw(st.dictionaries(TEXT, st.integers(0, 9), max_size=2)),
            outline=draw(st.lists(TEXT, max_size=3)),
            controls=draw(st.lists(TEXT, max_size=3)),
        )
        for name, state in draw(st.lists(PLACES, max_size=4, unique=True))
    ]
    elements = [
        element(screen=name, state=state, concept=str(at), text=draw(TEXT), why=draw(TEXT), needed=draw(st.booleans()))
        for at, (name, state) in enumerate(draw(st.lists(PLACES, max_size=4)))
    ]
    return check(screens=screens, elements=elements)


def in_order(found: UiCheck) -> tuple[list[ScreenSeen], list[ElementSeen]]:
    return sorted(found.screens, key=lambda one: one.key), sorted(found.elements, key=lambda one: one.key)


@settings(max_examples=25, deadline=None)
@given(checks())
def test_what_was_saved_comes_back_and_is_the_same(made: UiCheck) -> None:
    with TemporaryDirectory() as folder:
        to = Path(folder) / "baseline"
        save(made, Path(folder), to, MONDAY)
        found = load(to, "en")
        assert in_order(found or made) == in_order(made)
        assert (found is None) == (not made.screens and not made.elements)
        assert compare(found, made).items == ()
        assert save(made, Path(folder), to, MONDAY) == []


def test_a_baseline_is_files_that_say_what_is_inside(pictures: Path, kept: Path) -> None:
    form = screen(state="form, step 2", picture="01.png")
    changed = save(check(screens=[screen(), form]), pictures, kept, MONDAY)
    assert sorted(str(path.relative_to(kept)) for path in changed) == [
        "check.json",
        "en/members--form.step-2.json",
        "en/members--form.step-2.png",
        "en/members--list.json",
        "en/words.json",
    ]
    assert json.loads((kept / "check.json").read_text("utf-8")) == {
        "language": "en",
        "site": "https://business.example",
        "version": "0.1.0",
    }
    assert (pictures_of(kept, "en") / "members--form.step-2.png").read_bytes() == PNG + b"one"
    found = loaded(kept)
    assert [one.picture for one in found.screens] == ["members--form.step-2.png", ""]
    assert found.at == ""


def test_a_new_control_is_one_line_of_the_diff_and_no_file_of_a_state_has_a_date(pictures: Path, kept: Path) -> None:
    save(check(), pictures, kept, MONDAY)
    before = (kept / "en" / "members--list.json").read_text("utf-8").splitlines()
    controls = ["tab: Groups", *screen().controls]
    changed = save(check(screens=[screen(controls=controls)]), pictures, kept, TUESDAY)
    after = (kept / "en" / "members--list.json").read_text("utf-8").splitlines()
    assert [line for line in after if line not in before] == ['  "tab: Groups",']
    assert len(after) == len(before) + 1
    assert names(changed) == ["members--list.json", "words.json"]
    assert not [line for line in after if "2026" in line]


def test_an_element_has_one_line_with_sorted_keys(pictures: Path, kept: Path) -> None:
    save(check(element(), element(concept="role", text="Role")), pictures, kept, MONDAY)
    lines = (kept / "en" / "members--list.json").read_text("utf-8").splitlines()
    (line,) = [one for one in lines if '"role"' in one]
    names = list(json.loads(line.strip().rstrip(",")))
    assert names == sorted(names)


def test_what_did_not_change_is_not_written_again(pictures: Path, kept: Path) -> None:
    save(check(screens=[screen(picture="01.png")]), pictures, kept, MONDAY)
    stamps = {path: path.stat().st_ino for path in kept.rglob("*.*")}
    assert save(check(screens=[screen(picture="01.png")]), pictures, kept, MONDAY) == []
    assert {path: path.stat().st_ino for path in kept.rglob("*.*")} == stamps


def test_a_picture_is_replaced_only_with_its_skeleton(pictures: Path, kept: Path) -> None:
    path = kept / "en" / "members--list.png"
    save(check(screens=[screen(picture="01.png")]), pictures, kept, MONDAY)
    (pictures / "01.png").write_bytes(PNG + b"two")
    save(check(screens=[screen(picture="01.png")]), pictures, kept, MONDAY)
    assert path.read_bytes() == PNG + b"one"
    save(check(screens=[screen(picture="01.png", path="/people")]), pictures, kept, MONDAY)
    assert path.read_bytes() == PNG + b"two"
    save(check(screens=[screen(picture="01.png", path="/people")]), pictures, kept, MONDAY)
    save(check(screens=[screen(path="/team")]), pictures, kept, MONDAY)
    assert not path.exists()


@pytest.mark.parametrize("name", ["../outside.png", "note.png", "none.png"])
def test_no_picture_is_taken_from_elsewhere_and_nothing_that_is_none(name: str, pictures: Path, kept: Path) -> None:
    (pictures.parent / "outside.png").write_bytes(PNG)
    (pictures / "note.png").write_text("no picture", encoding="utf-8")
    save(check(screens=[screen(picture=name)]), pictures, kept, MONDAY)
    assert list(kept.rglob("*.png")) == []


def test_a_state_that_is_gone_is_removed_with_its_picture(pictures: Path, kept: Path) -> None:
    save(check(screens=[screen(), screen(state="form", picture="01.png")]), pictures, kept, MONDAY)
    changed = save(check(), pictures, kept, MONDAY)
    assert names(changed) == ["members--form.json", "members--form.png"]
    assert [one.state for one in loaded(kept).screens] == ["list"]


@pytest.mark.parametrize(
    "now",
    [
        check(screens=[screen(screen="partners")], elements=[]),
        check(AWAY, screens=[]),
        check(element(state="form", standing="not reached", text=""), screens=[screen()]),
    ],
)
def test_a_state_that_was_not_reached_stays(now: UiCheck, pictures: Path, kept: Path) -> None:
    before = check(element(state="form"), screens=[screen(), screen(state="form", picture="01.png")])
    save(before, pictures, kept, MONDAY)
    save(now, pictures, kept, MONDAY)
    assert {("members", "list"), ("members", "form")} <= {one.key for one in loaded(kept).screens}
    assert (kept / "en" / "members--form.png").exists()
    assert element(state="form") in loaded(kept).elements


def test_an_element_that_was_not_reached_stays_as_it_was_known_and_is_kept_only_if_it_was(
    pictures: Path, kept: Path
) -> None:
    save(check(), pictures, kept, MONDAY)
    never = element(concept="role", standing="not reached", text="")
    save(check(AWAY, never), pictures, kept, MONDAY)
    assert loaded(kept).elements == [element()]


def test_words_keep_the_days_on_which_they_were_seen(pictures: Path, kept: Path) -> None:
    save(check(), pictures, kept, MONDAY)
    save(check(element(text="Invite people"), screens=[screen(controls=["button: Export"])]), pictures, kept, TUESDAY)
    words = {one["word"]: one for one in json.loads((kept / "en" / "words.json").read_text("utf-8"))}
    day, next_day = "2026-11-23", "2026-11-24"
    assert words["Export"] == {"screen": "members", "word": "Export", "first": day, "last": next_day}
    assert words["Invite people"]["first"] == next_day
    assert words["Invite member"]["last"] == day


def test_a_check_that_is_saved_late_takes_no_day_back(pictures: Path, kept: Path) -> None:
    save(check(), pictures, kept, TUESDAY)
    save(check(), pictures, kept, MONDAY)
    assert {one["last"] for one in json.loads((kept / "en" / "words.json").read_text("utf-8"))} == {"2026-11-24"}


def test_what_no_flow_relies_on_any_more_leaves_the_baseline_where_its_screen_was_seen(
    pictures: Path, kept: Path
) -> None:
    away = element(screen="partners", concept="role")
    save(
        check(element(), element(concept="role"), away, screens=[screen(), screen(screen="partners")]),
        pictures,
        kept,
        MONDAY,
    )
    save(check(version="0.2.0"), pictures, kept, MONDAY)
    assert loaded(kept).elements == [element(), away]


def test_each_language_has_a_baseline_of_its_own(pictures: Path, kept: Path) -> None:
    save(check(), pictures, kept, MONDAY)
    save(check(element(text="Mời thành viên"), language="vi"), pictures, kept, MONDAY)
    assert loaded(kept).elements == [element()]
    assert loaded(kept, "vi").elements[0].text == "Mời thành viên"
    assert load(kept, "de") is None
    assert saved_language(kept) == "vi"


def test_where_there_is_nothing_there_is_no_baseline(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "none", tmp_path / "empty"):
        assert load(folder, "en") is None
        assert saved_language(folder) is None


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("check.json", "{"),
        ("check.json", "[]"),
        ("check.json", '{"site": 3}'),
        ("en/members--list.json", '{"screen": "members",\n'),
        ("en/members--list.json", '{"screen": "members", "state": "list", "other": 1}'),
        ("en/members--list.json", '{"screen": "m", "state": "l", "elements": [{"kind": "button"}]}'),
        ("en/members--list.json", b"\xff"),
    ],
)
def test_what_is_no_baseline_is_refused_with_its_file(
    file: str, content: str | bytes, pictures: Path, kept: Path
) -> None:
    save(check(), pictures, kept, MONDAY)
    (kept / file).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(BadInput, match=file):
        load(kept, "en")
    with pytest.raises(BadInput, match=file):
        save(check(), pictures, kept, MONDAY)


def test_a_folder_of_something_else_and_a_file_are_refused(tmp_path: Path, pictures: Path, kept: Path) -> None:
    (tmp_path / "note.txt").touch()
    for place in (tmp_path, tmp_path / "note.txt"):
        with pytest.raises(BadInput, match=r"check\.json"):
            load(place, "en")
    save(check(), pictures, kept, MONDAY)
    (kept / "en" / "words.json").write_text('{"a": 1}', encoding="utf-8")
    with pytest.raises(BadInput, match=r"words.json: is no list of words"):
        save(check(), pictures, kept, MONDAY)


def test_every_mistake_is_told_at_once(pictures: Path, kept: Path) -> None:
    save(check(screens=[screen(), screen(state="form")]), pictures, kept, MONDAY)
    for path in kept.glob("en/members--*.json"):
        path.write_text("{", encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        load(kept, "en")
    assert len(refused.value.problems) == 2


@given(st.text(), st.text())
def test_files_stay_in_their_folder(a: str, b: str) -> None:
    for name in (state_name(a, b), language_name(a)):
        assert Path(name).name == name
        assert not name.startswith(".")


def test_every_state_that_is_declared_has_files_of_its_own() -> None:
    jobs = examples("7100000000000000017", partners=["7100000000000000025"], accounts=["7200000000000000031"])
    states = {(state.screen, state.name) for job in jobs for state in states_of(job)}
    names = {state_name(*each) for each in states} | {state_name(screen, f"{name}, step 2") for screen, name in states}
    assert len(names) == 2 * len(states) > 20
    assert {"members--list", "ad-accounts--an-ad-accounts-details"} <= names


def test_a_name_is_never_a_path_nor_long() -> None:
    assert state_name("../../etc", "a/b") == "etc--a-b"
    assert max(len(state_name(text, text)) for text in ("", "形", "a" * 200)) < 150
    assert [language_name(code) for code in ("zh-Hans", "pt_BR")] == ["zh-Hans", "pt_BR"]
    assert language_name("../../etc") == "etc"
