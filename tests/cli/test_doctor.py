import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import quote

import pytest
from pydantic import SecretStr

from bcflow.models.outcomes import RunRecord
from bcflow.runner.browser.choice import choose
from bcflow.runner.cli import doctor
from bcflow.runner.cli.doctor import Check
from bcflow.runner.config import disk
from bcflow.runner.config.settings import Credentials, Settings
from bcflow.runner.storage.database import Database
from bcflow.runner.storage.proofs import Proofs
from bcflow.runner.storage.sign_ins.files import SignInFiles
from bcflow.runner.storage.sign_ins.sign_in import SignIn
from tests.support.imap_server import PASSWORD, USER, ImapServer

LOGIN = Credentials(name="default", email="ops@agency.example", password=SecretStr("Planted-1!"))


class Site(HTTPServer):
    """A site whose clock may be wrong."""

    skew = timedelta(0)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answer(BaseHTTPRequestHandler):
    server: Site

    def do_HEAD(self) -> None:
        self.send_response_only(404)
        self.send_header("Date", format_datetime(datetime.now(UTC) + self.server.skew, usegmt=True))
        self.end_headers()


@pytest.fixture
def site() -> Iterator[Site]:
    with Site(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        yield server
        server.shutdown()


def make_settings(home: Path, **overrides: object) -> Settings:
    return Settings.model_validate({"home": home, "logins": {"default": LOGIN}, **overrides})


def named(findings: list[Check], name: str) -> Check:
    return next(finding for finding in findings if finding.name == name)


def test_everything_is_looked_at_and_nothing_is_made(tmp_path: Path, site: Site) -> None:
    home = tmp_path / "home"
    settings = make_settings(home, business_center_url=site.url, ads_manager_url=site.url)
    # A thread of its own: the synchronous API allows one driver per thread.
    with ThreadPoolExecutor(1) as pool:
        findings = pool.submit(doctor.checks, settings).result()
    assert [finding.name for finding in findings if not finding.ok] == ["sign-in default"]
    assert named(findings, "sign-in default").fix == "bcflow login --headed"
    assert "draws a page" in named(findings, "browser").detail
    assert not home.exists()
    assert "Planted-1!" not in repr(findings)


def test_browser_that_is_none_is_a_finding(tmp_path: Path) -> None:
    fake = tmp_path / "chrome"
    fake.write_text("#!/bin/sh\nexit 7\n", encoding="utf-8")
    fake.chmod(0o755)
    with ThreadPoolExecutor(1) as pool:
        problem = pool.submit(doctor.rendering_problem, choose("live", str(fake))).result()
    assert problem == "the browser ended as soon as it was started; see what it lacks: bcflow doctor"
    found = doctor.browser_check(make_settings(tmp_path, browser=str(tmp_path / "gone")))
    assert not found.ok
    assert "BCFLOW_BROWSER" in found.detail


def test_clock_of_the_site_is_compared(site: Site) -> None:
    assert doctor.site_check("Business Center", site.url).ok
    site.skew = timedelta(minutes=-5)
    found = doctor.site_check("Business Center", site.url)
    assert not found.ok
    assert "300 s apart" in found.detail or "301 s apart" in found.detail


def test_site_that_cannot_be_reached_is_a_finding(site: Site) -> None:
    site.shutdown()
    site.server_close()
    found = doctor.site_check("Ads Manager", site.url)
    assert not found.ok
    assert found.detail.startswith(f"127.0.0.1:{site.server_port} cannot be reached: ")


@pytest.mark.parametrize(("mode", "ok"), [(0o700, True), (0o750, False), (0o705, False)])
def test_home_that_others_can_read_is_a_finding(tmp_path: Path, mode: int, ok: bool) -> None:
    home = tmp_path / "home"
    home.mkdir()
    home.chmod(mode)
    found = doctor.home_check(home)
    assert found.ok is ok
    assert found.fix.endswith(f"chmod 700 '{home}'")


def test_home_that_is_a_file_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "home").touch()
    assert not doctor.home_check(tmp_path / "home").ok


@pytest.mark.parametrize(("mode", "ok"), [(0o600, True), (0o644, False)])
def test_secrets_that_others_can_read_are_a_finding(tmp_path: Path, mode: int, ok: bool) -> None:
    file = tmp_path / "secrets.env"
    file.touch()
    file.chmod(mode)
    found = doctor.secrets_check(make_settings(tmp_path, secrets_files=(file,)))
    assert found.ok is ok
    assert f"{mode:04o}" in found.detail


def test_login_without_a_password_is_a_finding(tmp_path: Path) -> None:
    found = doctor.secrets_check(make_settings(tmp_path, logins={"default": Credentials(name="default")}))
    assert not found.ok
    assert found.fix.startswith("bcflow init")


def test_short_key_is_a_finding_and_a_missing_one_is_not(tmp_path: Path) -> None:
    assert doctor.key_check(make_settings(tmp_path)).ok
    assert not (tmp_path / "key").exists()
    found = doctor.key_check(make_settings(tmp_path, key=SecretStr("short")))
    assert not found.ok
    assert "short" not in found.detail


def test_age_of_a_sign_in_is_told(tmp_path: Path) -> None:
    SignInFiles(tmp_path, b"A" * 43 + b"=").save("default", SignIn("default", "", "", {}))
    (found,) = doctor.sign_in_checks(make_settings(tmp_path))
    assert found.ok
    assert found.detail == "saved less than an hour ago"


def test_sources_of_codes_are_tried_without_a_code(tmp_path: Path) -> None:
    with ImapServer() as server:
        host = f"127.0.0.1:{server.server_address[1]}"
        whole = f"imap://{quote(USER, safe='')}:{quote(PASSWORD, safe='')}@{host}"

        def said(**sources: str) -> list[tuple[bool, str]]:
            given = {name: SecretStr(value) for name, value in sources.items()}
            settings = make_settings(tmp_path, logins={"acme": LOGIN.model_copy(update=given)})
            found = list(doctor.code_checks(settings))
            assert {each.name for each in found} <= {"codes acme"}
            assert "planted" not in repr(found)
            return [(each.ok, each.detail.partition(": ")[2]) for each in found]

        assert said() == []
        assert said(code_command="cat /planted", code_imap=f"{whole}/INBOX") == [(True, "can be used")] * 2
        assert said(code_command="/no/read-code --planted") == [(False, "its program '/no/read-code' is not there")]
        assert "does not accept the user name" in said(code_imap=f"imap://planted:planted@{host}/INBOX")[0][1]
        assert "no such folder" in said(code_imap=f"{whole}/planted")[0][1]
        assert not [line for line in server.box.commands if line.startswith(("SELECT", "UID"))]
    server.server_close()
    assert said(code_imap=whole) == [(False, "the mail server does not answer")]


def test_a_language_of_which_hardly_a_word_is_known_is_named_with_what_to_do(tmp_path: Path, site: Site) -> None:
    settings = make_settings(tmp_path, business_center_url=site.url)
    assert list(doctor.language_checks(settings)) == [], "nothing was seen yet, and no database is made for it"
    settings.make_home()
    for language in ("en", "fr"):
        with closing(Database(settings.database())) as database, database.transaction() as connection:
            run = {"id": "b-1", "job": "x", "flow": "invite-member", "outcome": "already", "message": ""}
            Proofs(connection).learn(RunRecord.model_validate(run | {"language": language}), site=site.url, at="now")
        found = list(doctor.language_checks(settings))
        assert [each.ok for each in found] == ([] if language == "en" else [False])
    assert "'fr'" in found[0].detail
    assert "bcflow rehearse" in found[0].fix


def test_a_database_that_cannot_be_used_is_a_finding_and_the_others_are_made_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "browser_check", lambda _: Check(name="browser", ok=True, detail=""))
    nowhere = {"business_center_url": "http://127.0.0.1:9", "ads_manager_url": "http://127.0.0.1:9"}
    settings = make_settings(tmp_path / "home", **nowhere)
    (settings.make_home() / "bcflow.sqlite3").write_text("no database, and long enough to be looked at " * 40)
    found = doctor.checks(settings)
    database = named(found, "database")
    assert not database.ok
    assert f"{settings.home / 'bcflow.sqlite3'} cannot be used: it is not a database" in database.detail
    assert database.fix.startswith("put back a copy")
    assert named(found, "Business Center").detail == "127.0.0.1:9 cannot be reached: the server refuses connections"


def test_a_database_that_is_not_there_yet_is_none(tmp_path: Path) -> None:
    assert doctor.database_check(make_settings(tmp_path / "home")).ok
    assert not (tmp_path / "home").exists()


def test_a_disk_that_is_nearly_full_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "free_bytes", lambda _: 10**8)
    found = doctor.disk_check(make_settings(tmp_path))
    assert (found.ok, found.detail) == (False, "0.1 GB are free")
    assert "bcflow prune" in found.fix
    monkeypatch.undo()
    assert disk.free_bytes(tmp_path / "not" / "there") > 0


def test_a_home_on_a_network_folder_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "network_kind", lambda _: "nfs4")
    found = doctor.disk_check(make_settings(tmp_path))
    assert not found.ok
    assert "network folder (nfs4)" in found.detail
    elsewhere = make_settings(tmp_path, database_url=SecretStr("postgresql://u:p@127.0.0.1/d"))
    assert "network folder" not in doctor.disk_check(elsewhere).detail


def test_a_folder_is_of_the_network_if_the_nearest_mount_is(tmp_path: Path) -> None:
    mounts, folder = tmp_path / "mounts", tmp_path / "a b" / "local"
    folder.mkdir(parents=True)
    share = str(folder.parent).replace(" ", "\\040")
    mounts.write_text(f"/dev/sda / ext4 rw 0 0\nserver:/x {share} nfs4 rw 0 0\n/dev/sdb {share}/local xfs rw 0 0\n")
    assert disk.network_kind(folder.parent / "home", mounts) == "nfs4"
    assert disk.network_kind(folder, mounts) == ""
    assert disk.network_kind(tmp_path, mounts) == ""
    assert disk.network_kind(tmp_path, tmp_path / "no-such-file") == ""
