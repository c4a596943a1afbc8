"""The effect ledger: its states, who may move them, and what happens when it cannot be written.

What does not look at SQLite's file holds on PostgreSQL too, and is tried on both.
"""

import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from bcflow.models.errors import BadInput, LedgerBroken
from bcflow.models.looks import Effect
from bcflow.runner.storage.ledger import Ledger
from bcflow.runner.storage.ledger_rows import Entry

ORIGIN = "https://business.tiktok.com"
BC = "7100000000000000017"
ZOE = Effect(business_center=BC, kind="member", identity="zoe@acme.example", want={"role": "standard"})
PARTNER = Effect(business_center=BC, kind="partner", identity="6900000000000000074")
SHARE = Effect(business_center=BC, kind="share", identity="6900000000000000074:7200000000000000011")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite3"


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def url(request: pytest.FixtureRequest, path: Path) -> str:
    if request.param == "SQLite":
        return f"sqlite:///{path}"
    given: str = request.getfixturevalue("postgres")
    return given


only_sqlite = pytest.mark.parametrize("url", ["SQLite"], indirect=True)


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    made = Ledger(url)
    yield made
    made.close()


def armed(ledger: Ledger, effect: Effect = ZOE, *, run: str = "a", before: tuple[str, ...] = ()) -> Entry:
    entry = ledger.prepare(ORIGIN, effect, run=run)
    ledger.arm([(entry, effect)], run=run, before=before)
    return entry


def state(ledger: Ledger, effect: Effect = ZOE) -> str | None:
    found = ledger.find(ORIGIN, effect)
    return None if found is None else found.state


def test_a_look_writes_nothing(ledger: Ledger) -> None:
    assert ledger.find(ORIGIN, ZOE) is None
    assert not ledger.peek(ORIGIN, ZOE).armed
    assert ledger.history() == []


def test_life_of_an_effect_is_kept_step_by_step(ledger: Ledger) -> None:
    entry = armed(ledger, before=("7200000000000000110",))
    assert ledger.peek(ORIGIN, ZOE).before == ("7200000000000000110",)
    ledger.answered(entry, run="a", detail={"status": 200, "code": 0})
    ledger.seen(entry, run="a", site_id="7200000000000000999", have={"status": "pending"})

    memory = ledger.peek(ORIGIN, ZOE)
    assert (memory.id, memory.armed, memory.seen) == ("7200000000000000999", False, True)
    assert [event["event"] for event in ledger.history()] == ["prepared", "armed", "answered", "seen"]


@pytest.mark.parametrize("move", ["armed", "answered", "unknown", "seen"])
def test_what_may_have_been_sent_is_not_armed_again(ledger: Ledger, move: str) -> None:
    entry = armed(ledger)
    if move == "answered":
        ledger.answered(entry, run="a", detail={})
    elif move == "unknown":
        ledger.unknown(entry, run="a", why="the list did not show it")
    elif move == "seen":
        ledger.seen(entry, run="a", site_id=None, have={})
    with pytest.raises(LedgerBroken, match="armed it in the meantime"):
        ledger.arm([(entry, ZOE)], run="b", before=())
    assert state(ledger) == move


def test_what_was_not_sent_or_refused_may_be_tried_again(ledger: Ledger) -> None:
    entry = armed(ledger)
    ledger.unsent(entry, run="a")
    armed(ledger, run="b")
    ledger.refused(entry, run="b", words="Too many requests")
    armed(ledger, run="c")
    assert state(ledger) == "armed"


def test_stale_entry_of_another_process_does_not_get_through(ledger: Ledger, url: str) -> None:
    ours = ledger.prepare(ORIGIN, ZOE, run="a")
    theirs = Ledger(url)
    armed(theirs, run="b")
    theirs.close()
    with pytest.raises(LedgerBroken):
        ledger.arm([(ours, ZOE)], run="a", before=())


def test_effects_of_one_write_are_armed_all_or_none(ledger: Ledger) -> None:
    armed(ledger, SHARE, run="a")
    pair = [(ledger.prepare(ORIGIN, each, run="b"), each) for each in (PARTNER, SHARE)]
    with pytest.raises(LedgerBroken, match="share 6900000000000000074:7200000000000000011"):
        ledger.arm(pair, run="b", before=())
    assert (state(ledger, PARTNER), state(ledger, SHARE)) == ("prepared", "armed")


@pytest.mark.parametrize(("happened", "after"), [(True, "seen"), (False, "settled")])
def test_a_persons_word_settles_all_that_one_write_was_for(ledger: Ledger, happened: bool, after: str) -> None:
    pair = [(ledger.prepare(ORIGIN, each, run="a"), each) for each in (PARTNER, SHARE)]
    ledger.arm(pair, run="a", before=())
    ledger.unknown(pair[0][0], run="b", why="a later run looked at the partner only")

    settled = ledger.settle("b", happened=happened, by="ana")
    assert settled == [f"{each.kind} {each.identity}" for each in (PARTNER, SHARE)]
    assert [state(ledger, each) for each in (PARTNER, SHARE)] == [after, after]
    with pytest.raises(BadInput, match="nothing to settle"):
        ledger.settle("c", happened=happened)


def test_a_word_about_an_open_effect_leaves_those_alone_that_were_seen(ledger: Ledger) -> None:
    partner = armed(ledger, PARTNER)
    ledger.seen(partner, run="a", site_id=None, have={})
    armed(ledger, SHARE)

    ledger.settle("a", happened=False)
    assert (state(ledger, PARTNER), state(ledger, SHARE)) == ("seen", "settled")
    ledger.settle("a", happened=False)
    assert state(ledger, PARTNER) == "settled"


def test_what_a_person_chooses_is_known_by_its_id_from_then_on(ledger: Ledger) -> None:
    ledger.choose(ORIGIN, ZOE, run="a", site_id="77", by="maria")
    assert (ledger.peek(ORIGIN, ZOE).id, ledger.peek(ORIGIN, ZOE).seen) == ("77", True)
    assert ledger.history()[-1]["detail"] == {"happened": True, "id": "77", "by": "maria"}


def test_nothing_is_chosen_for_a_write_that_may_be_on_its_way(ledger: Ledger) -> None:
    armed(ledger)
    with pytest.raises(BadInput, match="is armed: nothing is to be chosen"):
        ledger.choose(ORIGIN, ZOE, run="a", site_id="77", by="maria")
    assert ledger.peek(ORIGIN, ZOE).armed


def test_an_id_fits_only_one_effect(ledger: Ledger) -> None:
    armed(ledger)
    armed(ledger, PARTNER)
    with pytest.raises(BadInput, match="an id fits only one"):
        ledger.settle("a", happened=True, site_id="7200000000000000999")
    assert state(ledger) == "armed"


def test_sites_and_business_centers_do_not_mix(ledger: Ledger) -> None:
    armed(ledger)
    elsewhere = Effect(business_center="7100000000000000025", kind=ZOE.kind, identity=ZOE.identity)
    assert ledger.find(ORIGIN, elsewhere) is None
    assert ledger.find("http://127.0.0.1:1", ZOE) is None


@only_sqlite
def test_others_on_this_machine_cannot_read_it(ledger: Ledger, path: Path) -> None:
    armed(ledger)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@only_sqlite
def test_disk_that_is_full_stops_the_act(ledger: Ledger, path: Path) -> None:
    entry = ledger.prepare(ORIGIN, ZOE, run="a")
    with sqlite3.connect(path) as connection:
        # What SQLite says when no page can be added; the disk itself is left alone.
        connection.execute("CREATE TRIGGER full BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    with pytest.raises(LedgerBroken):
        ledger.arm([(entry, ZOE)], run="a", before=())
    assert state(ledger) == "prepared"


@pytest.mark.parametrize("content", [b"not a database, but long enough to be looked at as one", None])
def test_place_where_no_ledger_can_be_is_said_at_once(tmp_path: Path, content: bytes | None) -> None:
    place = tmp_path / "ledger.sqlite3"
    if content is None:
        place.mkdir()
    else:
        place.write_bytes(content * 40)
    with pytest.raises(LedgerBroken, match="cannot be used"):
        Ledger(f"sqlite:///{place}")


def test_folder_that_is_not_there_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(LedgerBroken, match="cannot be used"):
        Ledger(f"sqlite:///{tmp_path / 'gone' / 'ledger.sqlite3'}")


def test_who_armed_takes_nothing_back_once_another_saw_it_happen(ledger: Ledger) -> None:
    ours = armed(ledger)
    ledger.seen(ours, run="b", site_id=None, have={})
    with pytest.raises(LedgerBroken, match="another run moved"):
        ledger.unsent(ours, run="a")
    with pytest.raises(LedgerBroken, match="another run moved"):
        ledger.refused(ours, run="a", words="no")
    ledger.unknown(ours, run="a", why="late news")
    ledger.answered(ours, run="a", detail={})
    assert state(ledger) == "seen"
    assert [event["event"] for event in ledger.history()] == ["prepared", "armed", "seen"]


def test_what_was_sent_is_counted_over_all_attempts_of_a_run(ledger: Ledger) -> None:
    entry = armed(ledger)
    assert ledger.sent_by(ORIGIN, ZOE, run="a") == 1, "an attempt that died may have sent it"
    ledger.sent(entry, run="a", writes=0)
    ledger.unsent(entry, run="a")
    assert ledger.sent_by(ORIGIN, ZOE, run="a") == 0
    again = armed(ledger)
    ledger.sent(again, run="a", writes=2)
    assert ledger.sent_by(ORIGIN, ZOE, run="a") == 2
    assert ledger.sent_by(ORIGIN, ZOE, run="b") == 0
    assert ledger.sent_by(ORIGIN, PARTNER, run="a") == 0


def test_one_request_for_two_effects_is_counted_once(ledger: Ledger) -> None:
    entries = [(ledger.prepare(ORIGIN, effect, run="a"), effect) for effect in (PARTNER, SHARE)]
    ledger.arm(entries, run="a", before=())
    assert [ledger.sent_by(ORIGIN, effect, run="a") for effect in (PARTNER, SHARE)] == [1, 0]
    ledger.sent(entries[0][0], run="a", writes=1)
    assert [ledger.sent_by(ORIGIN, effect, run="a") for effect in (PARTNER, SHARE)] == [1, 0]


def test_words_that_a_person_said_are_a_no_are_kept_for_later(ledger: Ledger) -> None:
    entry = armed(ledger)
    ledger.unknown(entry, run="a", why="not seen", words="Seat limit reached.")
    ledger.settle("a", happened=False, remember=True)
    assert ledger.noes() == ["Seat limit reached."]


def test_words_are_not_kept_unasked(ledger: Ledger) -> None:
    entry = armed(ledger)
    ledger.unknown(entry, run="a", why="not seen", words="Seat limit reached.")
    ledger.settle("a", happened=False)
    assert ledger.noes() == []
