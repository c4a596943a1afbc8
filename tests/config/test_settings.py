import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bcflow.models.errors import BadInput
from bcflow.runner.config.durations import seconds
from bcflow.runner.config.settings import NAMES, Settings
from bcflow.runner.config.site_address import hosts, site
from tests.support.given_settings import load, make_secrets, problems

unhurried = hypothesis_settings(deadline=None)  # the first example loads tables; the machine may be shared

EXAMPLE = Path(__file__).resolve().parents[2] / "secrets.example.env"


def reasons(attempt: Callable[[], object]) -> list[str]:
    """Return why the attempt was refused, or nothing."""
    try:
        attempt()
    except BadInput as error:
        return error.problems
    return []


def test_without_anything_the_real_sites_are_meant(tmp_path: Path) -> None:
    settings = load(tmp_path)
    assert settings.business_center_url == "https://business.tiktok.com"
    assert settings.ads_manager_url == "https://ads.tiktok.com"
    assert settings.is_real_site()
    assert settings.code_wait == 600
    assert settings.login().email is None
    assert settings.warnings == ()
    assert not (tmp_path / "home").exists()


def test_the_environment_goes_before_the_file_and_the_file_never_into_it(tmp_path: Path) -> None:
    make_secrets(tmp_path, "BCFLOW_EMAIL=file@x.example\nBCFLOW_PASSWORD='pa$HOME ss#1'\nBCFLOW_HEADED=1\n")
    settings = load(tmp_path, BCFLOW_EMAIL="Env@x.example", BCFLOW_HEADED="")
    password = settings.login().password
    assert password is not None
    assert (settings.login().email, password.get_secret_value()) == ("env@x.example", "pa$HOME ss#1")
    assert settings.headed
    assert not any(name.startswith("BCFLOW_") for name in os.environ)


def test_the_working_directory_goes_before_the_home(tmp_path: Path) -> None:
    make_secrets(tmp_path / "home", "BCFLOW_EMAIL=home@x.example\n")
    assert load(tmp_path).login().email == "home@x.example"
    here = make_secrets(tmp_path, "BCFLOW_EMAIL=here@x.example\n")
    settings = load(tmp_path)
    assert (settings.login().email, settings.secrets_files[-1]) == ("here@x.example", here)


def test_named_logins_are_kept_apart(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        BCFLOW_EMAIL="ops@x.example",
        BCFLOW_LOGIN__ACME__EMAIL="acme@x.example",
        BCFLOW_LOGIN__ACME_EU__PASSWORD="one",
        BCFLOW_LOGIN__ACME_EU__TIME_ZONE="Europe/Berlin",
    )
    assert sorted(settings.logins) == ["acme", "acme_eu", "default"]
    assert settings.login("ACME-EU").time_zone == "Europe/Berlin"
    assert settings.login("acme").email == "acme@x.example"
    assert settings.login("acme").password is None
    with pytest.raises(
        BadInput, match=r"'acmee' is not set up \(did you mean 'acme'\?\); known: acme, acme_eu, default"
    ):
        settings.login("acmee")


def test_a_secret_is_in_no_text_of_the_settings(tmp_path: Path) -> None:
    planted = {
        "BCFLOW_PASSWORD": "hunter2!",
        "BCFLOW_KEY": "k3y-k3y-for-nobody",
        "BCFLOW_CODE_COMMAND": "get --token t0ken",
    }
    planted |= {
        "BCFLOW_DATABASE_URL": "postgresql://u:pw-pw@h/d",
        "BCFLOW_TOTP_SECRET": "JBSW Y3DP EHPK 3PXP",
    }
    settings = load(tmp_path, **planted)
    shown = repr(settings) + str(settings) + settings.model_dump_json()
    for secret in ("hunter2!", "k3y-k3y-for-nobody", "t0ken", "pw-pw", "JBSWY3DPEHPK3PXP"):
        assert secret not in shown
        assert any(secret in value for value in settings.secrets())


def test_all_wrong_settings_are_named_at_once_and_no_secret_with_them(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        BCFLOW_TIMEOUT="10 parsecs",
        BCFLOW_MAX_WRITES="0",
        BCFLOW_HEADED="maybe",
        BCFLOW_ADS_MANAGER_URL="http://ads.tiktok.com",
        BCFLOW_EMAIL="nobody",
        BCFLOW_TOTP_SECRET="s3cr3t!",
        BCFLOW_DATABASE_URL="mysql://u:s3cr3t!@h",
        BCFLOW_ALLOW_HOSTS="https://x.example/",
        BCFLOW_LOGIN__A__B__EMAIL="a@b.example",
        BCFLOW_HOME="~no-such-user-here/x",
    )
    assert sorted(line.partition(":")[0] for line in found) == [
        "BCFLOW_ADS_MANAGER_URL",
        "BCFLOW_ALLOW_HOSTS",
        "BCFLOW_DATABASE_URL",
        "BCFLOW_EMAIL",
        "BCFLOW_HEADED",
        "BCFLOW_HOME",
        "BCFLOW_LOGIN__A__B__EMAIL",
        "BCFLOW_MAX_WRITES",
        "BCFLOW_TIMEOUT",
        "BCFLOW_TOTP_SECRET",
    ]
    assert "s3cr3t" not in "\n".join(found)


def test_an_unknown_name_is_a_warning_with_the_nearest(tmp_path: Path) -> None:
    settings = load(tmp_path, BCFLOW_PASWORD="x", BCFLOW_LOGIN__ACME__EMIAL="x", BCFLOW_CODE_KIND="email", OTHER="x")
    assert settings.warnings == (
        "BCFLOW_PASWORD: is not a setting of bcflow (did you mean 'BCFLOW_PASSWORD'?)",
        "BCFLOW_LOGIN__ACME__EMIAL: is not a setting of bcflow (did you mean 'BCFLOW_LOGIN__ACME__EMAIL'?)",
    )


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_secrets_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    make_secrets(tmp_path, "BCFLOW_PASSWORD=hunter2\n", 0o644)
    (line,) = problems(tmp_path)
    assert re.search(r"every user of this machine can read it; run: chmod 600 .*/secrets\.env$", line)
    make_secrets(tmp_path, "BCFLOW_PASSWORD=hunter2\n", 0o640)
    assert "its group can read it" in load(tmp_path).warnings[0]


def test_a_broken_line_is_a_warning_that_does_not_quote_it(tmp_path: Path) -> None:
    make_secrets(tmp_path, "BCFLOW_EMAIL=a@b.example\nhunter2 is my password\n")
    (line,) = load(tmp_path).warnings
    assert line.endswith("secrets.env:2: is not NAME=value and was ignored")


def test_a_secrets_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    path = make_secrets(tmp_path, "")
    path.write_bytes(b"BCFLOW_PASSWORD=\xe9\n")
    assert problems(tmp_path) == [f"{path}: is not UTF-8 text"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_the_home_is_for_its_owner_only(tmp_path: Path) -> None:
    home = load(tmp_path).make_home()
    assert home.stat().st_mode & 0o777 == 0o700
    (home / "bcflow.sqlite3").touch()
    home.chmod(0o755)
    assert problems(tmp_path) == [f"{home} can be opened by other users; run: chmod 700 {home}"]


def test_the_database_is_in_the_home_unless_one_is_given(tmp_path: Path) -> None:
    assert load(tmp_path).database() == f"sqlite:///{tmp_path / 'home' / 'bcflow.sqlite3'}"
    given_one = "postgresql://u:p@h/d"
    assert load(tmp_path, BCFLOW_DATABASE_URL=given_one).database() == given_one


@pytest.mark.parametrize(
    ("text", "value"),
    [("90", 90), ("90s", 90), ("10m", 600), ("10 M", 600), ("1h30m", 5400), ("0.5s", 0.5), ("2d", 172800)],
)
def test_a_length_of_time_is_read(text: str, value: float) -> None:
    assert seconds(text) == value


@pytest.mark.parametrize("text", ["", "0", "-1", "8d", "m", "10x", "1:30", "nan", "inf"])
def test_what_is_no_length_of_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not"):
        seconds(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("https://business.tiktok.com/", "https://business.tiktok.com"),
        ("http://127.0.0.1:8080/select?x=1", "http://127.0.0.1:8080"),
        ("http://localhost:1", "http://localhost:1"),
        ("http://[::1]:1", "http://[::1]:1"),
        ("https://Business.TikTok.com:443", "https://business.tiktok.com"),
    ],
)
def test_a_site_is_its_origin(text: str, value: str) -> None:
    assert site(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "business.tiktok.com",
        "http://business.tiktok.com",
        "ftp://x",
        "https://u:p@x.example",
        "https://x:y",
    ],
)
def test_what_is_no_site_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not|must be"):
        site(text)


def test_hosts_are_split() -> None:
    assert hosts("cdn.example, *.X.example  localhost:80") == ("cdn.example", "*.x.example", "localhost:80")


def test_the_example_documents_every_setting() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    documented = set(re.findall(r"^#(BCFLOW_[A-Z_]+)=", text, re.MULTILINE))
    named = {name for name in documented if name.startswith("BCFLOW_LOGIN__")}
    assert documented - named == set(NAMES)
    parts = {name.rpartition("__")[2] for name in named}
    assert parts == {name.removeprefix("BCFLOW_") for name in NAMES[: len(parts)]}


def test_the_example_works_once_its_lines_are_used(tmp_path: Path) -> None:
    text = re.sub(r"^#(BCFLOW_)", r"\1", EXAMPLE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    make_secrets(tmp_path, text)
    settings = Settings.load({"BCFLOW_HOME": str(tmp_path)}, Path("/nowhere"))
    assert settings.warnings == ()
    assert settings.login("acme").email == "acme@agency.example"
    assert settings.code_wait == 600


@unhurried
@given(
    st.dictionaries(st.sampled_from([*NAMES, "BCFLOW_LOGIN__A__EMAIL", "BCFLOW_X"]), st.text(max_size=30), max_size=6)
)
def test_any_environment_is_settings_or_reasons(env: dict[str, str]) -> None:
    assert all("\n" not in line for line in reasons(lambda: Settings.load(env, Path("/nowhere"))))


@pytest.mark.parametrize(
    "spelled",
    [
        "https://business.tiktok.com:443/",
        "https://Business.TikTok.com.",
        "https://business.tiktok.com.:443/x?y#z",
        "https://BUSINESS.tiktok.com:0443",
    ],
)
def test_one_site_has_one_ledger_however_it_is_spelled(spelled: str) -> None:
    assert site(spelled) == "https://business.tiktok.com"


def test_other_spellings_of_a_host_are_one_too() -> None:
    assert site("https://Bücher.example") == site("https://xn--bcher-kva.example.") == "https://xn--bcher-kva.example"
    assert site("http://[0:0::1]:80/") == "http://[::1]"
    assert site("https://localhost:8443") == "https://localhost:8443"
    with pytest.raises(ValueError, match="is not a web address"):
        site("https://a..b_%41.example..")
