from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import pytest

from bcflow.models.errors import BadInput
from bcflow.models.jobs import FLOWS, AddAdAccount, InviteMember
from bcflow.runner.jobfiles.jobfile import JobFile, read

BC = "7123456789012345678"
ACCOUNT = "7012345678901234567"
HEAD = f'business_center: "{BC}"\njobs:\n'
INVITE = "  - {flow: invite-member, email: ana@acme.example, role: standard}\n"
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def read_text(
    folder: Path, text: str | bytes, *, allow_unusual: bool = False, logins: Sequence[str] | None = None
) -> JobFile:
    path = folder / "jobs.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read(path, allow_unusual=allow_unusual, logins=logins)


def problems(folder: Path, text: str | bytes, *, logins: Sequence[str] | None = None) -> list[str]:
    with pytest.raises(BadInput) as caught:
        read_text(folder, text, logins=logins)
    return [line.replace(f"{folder}/", "") for line in caught.value.problems]


def test_a_job_file_is_read_with_its_lines(tmp_path: Path) -> None:
    text = HEAD + INVITE + f'\n  - flow: add-ad-account\n    aadvid: "{ACCOUNT}"\n    role: Admin\n'
    found = read_text(tmp_path, text)
    assert [(located.line, located.index) for located in found.jobs] == [(3, 0), (5, 1)]
    assert found.sha256 == sha256(text.encode()).hexdigest()
    job = found.jobs[1].job
    assert isinstance(job, AddAdAccount)
    assert (job.business_center, job.aadvid, job.role) == (BC, ACCOUNT, "admin")


def test_all_mistakes_are_named_at_once_with_their_lines(tmp_path: Path) -> None:
    text = f"""\
login: defoult
busines_center: "{BC}"
business_center: {BC}
jobs:
  - {{flow: create-ad-account, id: main, name: Acme US, time_zone: New York}}
  - {{flow: add-ad-account, aadvid: {ACCOUNT}, role: admin}}
  - flow: invite-member
    emial: ana@acme.example
    role: standard
    ad_accounts:
      - {{aadvid: "${{main.aadvid}}", role: operater}}
  - {{flow: share-with-partner, id: main, partner_id: "${{main.x}}", ad_accounts: []}}
  - flow: invite-membr
    email: a@b.example
    email: c@d.example
  - 5
"""
    starts = [
        line.partition(" (did")[0].partition("; known")[0] for line in problems(tmp_path, text, logins=["default"])
    ]
    assert [" ".join(start.split()[:5]) for start in starts] == [
        "jobs.yaml:2: busines_center: unknown key",
        "jobs.yaml:3: business_center: is a bare",
        "jobs.yaml:5: jobs[0].time_zone: 'New York' is",
        "jobs.yaml:6: jobs[1].aadvid: is a bare",
        "jobs.yaml:7: jobs[2].email: is missing",
        "jobs.yaml:8: jobs[2].emial: unknown key",
        "jobs.yaml:11: jobs[2].ad_accounts[0].role: 'operater' is not",
        "jobs.yaml:12: jobs[3].ad_accounts: needs at least",
        "jobs.yaml:12: jobs[3].id: 'main' is also",
        "jobs.yaml:12: jobs[3].partner_id: ${main.x}: create-ad-account gives",
        "jobs.yaml:13: jobs[4].flow: 'invite-membr' is not",
        "jobs.yaml:15: jobs[4].email: stands twice; first",
        "jobs.yaml:16: jobs[5]: must be a",
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "jobs.yaml:1: is empty; it needs 'jobs:' with a list of jobs"),
        ("# nothing\n", "jobs.yaml:1: is empty; it needs 'jobs:' with a list of jobs"),
        ("- a\n", "jobs.yaml:1: must be a mapping with 'jobs:' and a list below it"),
        ("just words\n", "jobs.yaml:1: must be a mapping with 'jobs:' and a list below it"),
        (f'business_center: "{BC}"\n', "jobs.yaml:1: jobs: is missing"),
        ("login: default\njobs: []\n", "jobs.yaml:2: jobs: must be a list with a job in it"),
        ("jobs: 5\n", "jobs.yaml:1: jobs: must be a list with a job in it"),
        ("jobs:\n\t- flow: x\n", "jobs.yaml:2: a tab; YAML is indented with spaces only"),
        ("jobs: [\n", "jobs.yaml:2: is not YAML"),
        ("jobs: 'x\n", "jobs.yaml:2: is not YAML"),
        ("a: 1\n---\nb: 2\n", "jobs.yaml:2: a second document ('---'); one file is one document"),
        ("jobs:\n  - \x01\n", "jobs.yaml:2: holds a character that is not allowed in YAML"),
        (b"jobs:\n  - \xe9\n", "jobs.yaml:2: is not UTF-8; save the file as UTF-8"),
        ("jobs: []".encode("utf-16"), "jobs.yaml: is UTF-16; save it as UTF-8"),
        (b"PK\x03\x04zip", "jobs.yaml: is a spreadsheet or zip file; give it with --from"),
        ("jobs: " + "[" * 5000, "jobs.yaml: is nested too deeply"),
        (b"x" * 2_000_001, "jobs.yaml: is larger than 2 MB; split it"),
    ],
    ids=range(17),
)
def test_what_is_no_job_file_is_one_clear_line(tmp_path: Path, text: str | bytes, line: str) -> None:
    found = problems(tmp_path, text)
    assert len(found) == 1
    assert found[0].startswith(line)


def test_a_folder_or_a_missing_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "jobs.yaml").write_text("x")
    for path, why in (
        (tmp_path, "is a folder"),
        (tmp_path / "job.yaml", "does not exist (did you mean 'jobs.yaml'?)"),
        (tmp_path / "none" / "x.yaml", "does not exist"),
        (Path("/dev/null"), "is not a plain file"),
        (tmp_path / ("x" * 300), "cannot be read: File name too long"),
    ):
        with pytest.raises(BadInput) as caught:
            read(path)
        assert why in str(caught.value)


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (
            ACCOUNT,
            "is a bare number; programs round numbers this long, so write the ad account id",
        ),
        ("7.01E+18", "'7.01E+18' was written as a number and its last digits are lost"),
        ('"7.01E+18"', "'7.01E+18' was written as a number and its last digits are lost"),
        (
            "0123",
            "is a bare number; programs round numbers this long, so write",
        ),
        ("true", "an ad account id (aadvid) is needed"),
        ("[a]", "an ad account id (aadvid) is needed as text, not a list"),
        ("9" * 100, "is a very long number; put it in quotes"),
    ],
    ids=range(7),
)
def test_an_id_in_the_wrong_shape_says_why(tmp_path: Path, value: str, why: str) -> None:
    found = problems(tmp_path, f"{HEAD}  - {{flow: add-ad-account, aadvid: {value}, role: admin}}\n")
    assert any(line.startswith(f"jobs.yaml:3: jobs[0].aadvid: {why}") for line in found)


def test_an_unusual_id_needs_the_switch(tmp_path: Path) -> None:
    text = f'{HEAD}  - {{flow: add-ad-account, aadvid: "123", role: admin}}\n'
    assert "--allow-unusual-id" in problems(tmp_path, text)[0]
    assert len(read_text(tmp_path, text, allow_unusual=True).jobs) == 1


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.system ['true']", "!x 1", "!!binary aGk=", "!!set {a}"])
def test_a_tag_is_refused(tmp_path: Path, tag: str) -> None:
    found = problems(tmp_path, f"{HEAD}  - {{flow: invite-member, email: a@b.example, role: admin, note: {tag}}}\n")
    assert found[0].startswith("jobs.yaml:3: jobs[0].note: tags such as ")


def test_a_merge_key_is_refused(tmp_path: Path) -> None:
    found = problems(tmp_path, f"{HEAD}  - {{<<: {{role: admin}}, flow: invite-member, email: a@b.example}}\n")
    assert "jobs.yaml:3: jobs[0]: a key must be a plain word" in found


def test_an_anchor_that_is_given_twice_is_refused_with_its_line(tmp_path: Path) -> None:
    text = HEAD + INVITE.replace("ana@acme.example", "&who ana@acme.example") + INVITE.replace("ana@", "&who bo@")
    assert problems(tmp_path, text) == ["jobs.yaml:4: '&who' is there already; give each anchor a name of its own"]


def test_an_alias_is_read_and_a_bomb_of_them_is_refused(tmp_path: Path) -> None:
    text = f"{HEAD}  - &a {{flow: invite-member, email: a@b.example, role: admin}}\n  - *a\n"
    assert read_text(tmp_path, text).jobs[0].also == (3,)
    bomb = "a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n" + "".join(
        f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10)
    )
    assert any("an alias repeats itself too often" in line for line in problems(tmp_path, bomb))
    assert any("an alias repeats" in line for line in problems(tmp_path, "jobs: &a [*a]\n"))


def test_equal_jobs_are_one_and_know_their_other_lines(tmp_path: Path) -> None:
    again = INVITE.replace("ana@acme", "ANA@acme").replace("}", ", note: again}")
    found = read_text(tmp_path, HEAD + INVITE + again)
    assert [(located.line, located.also) for located in found.jobs] == [(3, (4,))]


def test_another_client_stays_a_job_of_its_own(tmp_path: Path) -> None:
    other = INVITE.replace("}", ", client: other}")
    assert len(read_text(tmp_path, HEAD + INVITE + other).jobs) == 2


def test_jobs_that_contradict_each_other_are_both_named(tmp_path: Path) -> None:
    found = problems(tmp_path, HEAD + INVITE + INVITE.replace("standard", "admin"))
    (line,) = found
    assert line.startswith("jobs.yaml:4: jobs[1]: wants the member 'ana@acme.example' otherwise than jobs[0] in line 3")
    assert line.endswith(": role admin here, standard there")


def test_a_reference_to_the_later_of_equal_jobs_goes_to_the_first(tmp_path: Path) -> None:
    text = (
        HEAD
        + f'  - {{flow: add-ad-account, id: a, aadvid: "{ACCOUNT}", role: admin}}\n'
        + f'  - {{flow: add-ad-account, id: b, aadvid: "{ACCOUNT}", role: admin}}\n'
        + INVITE.replace("}", ', ad_accounts: [{aadvid: "${b.aadvid}", role: admin}]}')
    )
    job = read_text(tmp_path, text).jobs[1].job
    assert isinstance(job, InviteMember)
    assert job.ad_accounts[0].aadvid == "${a.aadvid}"


def test_the_files_defaults_reach_all_jobs_but_a_new_business_center(tmp_path: Path) -> None:
    text = (
        'login: Acme-EU\nbusiness_center: "${bc.business_center_id}"\njobs:\n'
        "  - {flow: create-business-center, id: bc, name: Acme}\n" + INVITE
    )
    first, second = read_text(tmp_path, text, logins=["default", "acme_eu"]).jobs
    assert (first.job.business_center, first.job.login) == (None, "acme_eu")
    assert second.job.business_center == "${bc.business_center_id}"


def test_an_id_that_stands_twice_is_named_in_one_line_too(tmp_path: Path) -> None:
    jobs = [f'{{"flow": "invite-member", "id": "a", "email": "{who}@x.example", "role": "admin"}}' for who in "pq"]
    found = problems(tmp_path, f'{{"business_center": "{BC}", "jobs": [{", ".join(jobs)}]}}')
    assert found == ["jobs.yaml:1: jobs[1].id: 'a' is also in line 1"]


def test_a_login_that_is_not_set_up_is_named(tmp_path: Path) -> None:
    found = problems(tmp_path, "login: acm\n" + HEAD + INVITE, logins=["default", "acme"])
    assert found == ["jobs.yaml:1: login: 'acm' is not set up (did you mean 'acme'?); known: acme, default"]


def test_a_byte_order_mark_is_no_harm(tmp_path: Path) -> None:
    assert len(read_text(tmp_path, b"\xef\xbb\xbf" + (HEAD + INVITE).encode()).jobs) == 1


def test_very_many_mistakes_are_cut_short(tmp_path: Path) -> None:
    found = problems(tmp_path, "jobs:\n" + "  - 5\n" * 500)
    assert len(found) == 201
    assert found[-1] == "jobs.yaml: and 300 more"


def test_the_example_is_a_job_file() -> None:
    flows = [located.job.flow for located in read(EXAMPLES / "onboarding.yaml").jobs]
    assert flows == [
        "create-business-center",
        "create-ad-account",
        "add-ad-account",
        "invite-member",
        "invite-member",
        "invite-member",
        "share-with-partner",
    ]


def test_what_is_no_text_is_told_in_the_words_of_a_job_file(tmp_path: Path) -> None:
    job = "{flow: invite-member, email: [a], role: {a: 1}}"
    more = "{flow: create-ad-account, name: true, accept_terms: maybe, company: 5}"
    assert problems(tmp_path, f"{HEAD}  - {job}\n  - {more}\n  - {{flow: [a, b]}}\n") == [
        "jobs.yaml:3: jobs[0].email: must be text, not a list",
        "jobs.yaml:3: jobs[0].role: a mapping is not possible; choose 'admin' or 'standard'",
        "jobs.yaml:4: jobs[1].accept_terms: 'maybe' is not possible; choose true",
        'jobs.yaml:4: jobs[1].company: must be text; put it in quotes: "5"',
        "jobs.yaml:4: jobs[1].name: must be text; put it in quotes",
        f"jobs.yaml:5: jobs[2].flow: a list is not a flow; choose one of {', '.join(FLOWS)}",
    ]


def test_a_contradiction_of_yes_and_no_is_told_in_the_words_of_a_job_file(tmp_path: Path) -> None:
    job = '{flow: share-with-partner, partner_id: "7345678901234567890", primary_agency: %s, ad_accounts: [%s]}'
    account = '{aadvid: "7012345678901234567", role: operator}'
    [found] = problems(tmp_path, f"{HEAD}  - {job % ('true', account)}\n  - {job % ('false', account)}\n")
    assert found.endswith("primary_agency false here, true there")
