import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bcflow.models.errors import BadInput
from bcflow.runner.browser.lease import Lease
from bcflow.runner.storage.holder import Holder

HOLD = """
import sys
from pathlib import Path
from bcflow.runner.browser.lease import Lease
lease = Lease(Path(sys.argv[1]), "default", doing="run jobs.yaml")
lease.acquire()
print("held", flush=True)
sys.stdin.read()
lease.release()
"""


def hold_elsewhere(home: Path) -> subprocess.Popen[str]:
    """Hold the lease in another process until its stdin closes."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_the_holder_is_named_while_it_is_held(tmp_path: Path) -> None:
    with Lease(tmp_path, "default", doing="login") as lease:
        holder = lease.holder()
        assert lease.held()
        assert holder is not None
        assert (holder.pid, holder.doing) == (os.getpid(), "login")

    assert not lease.held()
    assert lease.holder() is None


def test_another_process_is_refused_by_name_without_waiting(tmp_path: Path) -> None:
    with hold_elsewhere(tmp_path) as process:
        with pytest.raises(BadInput, match=rf"in use by pid {process.pid} on .* since .*run jobs\.yaml"):
            Lease(tmp_path, "default").acquire(wait=False)
        process.communicate()


def test_another_process_waits_until_it_is_free(tmp_path: Path) -> None:
    told: list[Holder | None] = []
    with hold_elsewhere(tmp_path) as process:
        lease = Lease(tmp_path, "default")
        closer = threading.Thread(target=process.communicate)

        def on_wait(holder: Holder | None) -> None:
            told.append(holder)
            closer.start()

        lease.acquire(on_wait=on_wait)
        closer.join()

    assert [holder.pid for holder in told if holder] == [process.pid]
    assert lease.held()
    lease.release()


def test_a_killed_holder_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    with hold_elsewhere(tmp_path) as process:
        process.kill()
    lease = Lease(tmp_path, "default")
    lease.acquire(wait=False)

    assert lease.held()
    lease.release()


def test_two_logins_do_not_hinder_each_other(tmp_path: Path) -> None:
    with Lease(tmp_path, "default") as one, Lease(tmp_path, "acme") as other:
        assert one.held()
        assert other.held()


def test_a_lease_whose_note_was_taken_over_is_no_longer_held(tmp_path: Path) -> None:
    with Lease(tmp_path, "default") as lease:
        note = tmp_path / "logins" / "default.holder"
        note.write_text('{"pid": 1, "host": "h", "since": "s", "doing": "", "token": "t"}')

        assert not lease.held()
