"""What people and editors put into YAML without seeing it: comments in values, odd spaces, words of YAML 1.1."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bcflow.models.errors import BadInput
from bcflow.models.jobs import AddAdAccount, CreateAdAccount, CreateBusinessCenter
from bcflow.runner.jobfiles.jobfile import JobFile, read

HEAD = 'business_center: "7123456789012345678"\njobs:\n'
LOST = "is a comment and no part of the value; put the value in quotes, or a space behind the #"
ODD = "in front; YAML is indented with plain spaces only"
one_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def read_text(folder: Path, text: str) -> JobFile:
    path = folder / "jobs.yaml"
    path.write_text(text, encoding="utf-8", newline="")
    return read(path)


def problems(folder: Path, text: str) -> list[str]:
    with pytest.raises(BadInput) as caught:
        read_text(folder, text)
    return [line.replace(f"{folder}/", "") for line in caught.value.problems]


@pytest.mark.parametrize(
    ("job", "found"),
    [
        ("  - flow: create-ad-account\n    name: Acme #1\n", f"4: jobs[0].name: '#1' {LOST}"),
        ("  - flow: create-ad-account\n    name: Acme #\n", f"4: jobs[0].name: '#' {LOST}"),
        ("  - flow: create-ad-account\n    name: Acme ##  \n", f"4: jobs[0].name: '##' {LOST}"),
        ("  - flow: create-ad-account\n    name: Acme ##1\n", f"4: jobs[0].name: '##1' {LOST}"),
        ("  - flow: create-ad-account\n    name: Acme\n      US #1\n", f"5: jobs[0].name: '#1' {LOST}"),
        ("  - {flow: create-ad-account, name: Acme #1\n    }\n", f"3: jobs[0].name: '#1' {LOST}"),
        ("  - flow: create-ad-account\n    name: Acme\n    client: #7\n", f"5: jobs[0].client: '#7' {LOST}"),
        (
            "  - flow: invite-member\n    email: a@x.example #b@x.example\n    role: admin\n",
            f"4: jobs[0].email: '#b@x.example' {LOST}",
        ),
        (
            "  - flow: create-ad-account\n    name: Acme\n    postal_code: 10001 #2\n",
            f"5: jobs[0].postal_code: '#2' {LOST}",
        ),
    ],
    ids=range(9),
)
def test_a_comment_that_may_be_more_of_its_value_is_refused(tmp_path: Path, job: str, found: str) -> None:
    assert f"jobs.yaml:{found}" in problems(tmp_path, HEAD + job)


def test_a_comment_that_swallows_a_bracket_is_named_and_not_the_brackets_end(tmp_path: Path) -> None:
    text = HEAD + "  - {flow: create-ad-account, name: Acme #1, client: a}\n  - {flow: create-ad-account, name: B}\n"
    assert problems(tmp_path, text) == [f"jobs.yaml:3: '#1, client: a}}' {LOST}"]


def test_comments_for_people_stay(tmp_path: Path) -> None:
    text = (
        "# all of them\n#- not this one\n" + HEAD.replace("jobs:", "jobs: #the jobs") + "  - #first\n"
        "    flow: create-ad-account # a new one\n    name: \"Acme #1\" #quoted\n    client: 'a#b' ## who\n"
        "    company: A#1\n    #note: nothing\n    note: |\n      see #2\n    city:\n    # where\n    state: #\n"
    ).replace("    state: #\n", "    state: # none\n")
    (located,) = read_text(tmp_path, text).jobs
    assert isinstance(located.job, CreateAdAccount)
    job = located.job
    assert (job.name, job.client, job.company, job.note) == ("Acme #1", "a#b", "A#1", "see #2")
    assert (job.city, job.state) == (None, None)


words = (
    st.text(st.sampled_from("aB1#:& -"), min_size=1, max_size=8).map(str.strip).filter(lambda text: text[:1].isalpha())
)


@one_folder
@given(words)
def test_a_name_without_quotes_is_read_whole_or_refused(tmp_path: Path, written: str) -> None:
    text = f"{HEAD}  - flow: create-ad-account\n    name: {written}\n"
    try:
        (located,) = read_text(tmp_path, text).jobs
    except BadInput:
        return
    assert isinstance(located.job, CreateAdAccount)
    spoken = written.partition(" # ")[0].partition(" ## ")[0].partition(" ### ")[0].partition(" #### ")[0]
    assert located.job.name == " ".join(spoken.split())


@pytest.mark.parametrize("space", ["\u00a0", "\u2003", "\u202f", "\u3000", "\u200b"])
@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("jobs:\n__- {flow: invite-member, email: a@x.example, role: admin}\n", 2),
        ("jobs:\n__- x\n", 2),
        ("jobs:\n  - flow: invite-member\n____role: admin\n", 3),
        ("jobs:\n  - flow: invite-member\n _  role: admin\n", 3),
        ("__jobs:\n  - {flow: invite-member}\n", 1),
    ],
    ids=range(5),
)
def test_spaces_that_only_look_like_spaces_are_named_as_indents(
    tmp_path: Path, text: str, line: int, space: str
) -> None:
    wanted = f"a no-break or invisible space (U+{ord(space):04X}) {ODD}"
    assert any(
        found.startswith(f"jobs.yaml:{line}: ") and found.endswith(wanted)
        for found in problems(tmp_path, text.replace("_", space))
    )


def test_an_odd_space_that_is_no_indent_is_no_harm(tmp_path: Path) -> None:
    text = HEAD + "  - flow: create-ad-account\n    name: \u00a0Acme\u00a0US\n    note: |\n      \u3000one\n"
    (located,) = read_text(tmp_path, text).jobs
    assert isinstance(located.job, CreateAdAccount)
    assert (located.job.name, located.job.note) == ("Acme US", "one")


@pytest.mark.parametrize("directive", ["", "%YAML 1.1\n---\n", "%YAML 1.2\n---\n"])
def test_norway_is_a_country_and_yes_is_a_word_in_every_yaml(tmp_path: Path, directive: str) -> None:
    text = "jobs:\n  - {flow: create-business-center, name: Yes, contact_name: on, country: NO, accept_terms: yes}\n"
    (located,) = read_text(tmp_path, directive + text).jobs
    assert isinstance(located.job, CreateBusinessCenter)
    job = located.job
    assert (job.name, job.contact_name, job.country, job.accept_terms) == ("Yes", "on", "NO", True)


@pytest.mark.parametrize("directive", ["", "%YAML 1.1\n---\n"])
def test_yes_and_no_answer_a_question_in_every_yaml(tmp_path: Path, directive: str) -> None:
    account = 'aadvid: "7012345678901234567", role: admin'
    for word, value in (("yes", True), ("no", False), ("off", False), ("true", True)):
        (located,) = read_text(
            tmp_path, f"{directive}{HEAD}  - {{flow: add-ad-account, {account}, notify_owner: {word}}}\n"
        ).jobs
        assert isinstance(located.job, AddAdAccount)
        assert located.job.notify_owner is value


def test_a_bare_true_is_no_text_and_no_spelling_is_made_up_for_it(tmp_path: Path) -> None:
    found = problems(tmp_path, HEAD + "  - {flow: create-ad-account, name: TRUE}\n")
    assert found == ["jobs.yaml:3: jobs[0].name: must be text; put it in quotes"]
