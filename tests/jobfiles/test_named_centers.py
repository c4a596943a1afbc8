"""A Business Center may be named where its name is the only one: from then on it is its id, and nothing else."""

from pathlib import Path

import pytest

from bcflow.models.errors import BadInput
from bcflow.runner.config.settings import Settings
from bcflow.runner.jobfiles.source import Order, Wanted, read_order

ACME, OTHER, TWIN = "7123456789012345678", "7123456789012345679", "7123456789012345680"
CENTERS = [(ACME, "Acme  GmbH"), (OTHER, "Beta"), (TWIN, "Beta")]
ANA = "{flow: invite-member, email: ana@acme.example, role: standard"


class Reader:
    """Reads job files, and counts whose Business Centers were looked up."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.looked_up: list[str] = []
        self.settings = Settings.load({"BCFLOW_HOME": str(folder / "home")}, cwd=folder)

    def read(self, *jobs: str, top: str = "") -> Order:
        path = self.folder / "jobs.yaml"
        path.write_text(f"{top}\njobs:\n" + "".join(f"  - {job}\n" for job in jobs), encoding="utf-8")
        return self.order(Wanted(str(path)))

    def order(self, wanted: Wanted) -> Order:
        return read_order(wanted, self.settings, centers=self.centers)

    def centers(self, login: str) -> list[tuple[str, str]]:
        self.looked_up.append(login)
        return CENTERS


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    return Reader(tmp_path)


def orgs(order: Order) -> list[str | None]:
    return [task.job.business_center for task in order.tasks]


def test_a_name_is_its_id_wherever_it_stands(reader: Reader) -> None:
    order = reader.read(
        f"{ANA}}}",
        f"{ANA.replace('ana', 'bo')}, business_center: ' Acme GmbH '}}",
        f"{ANA.replace('ana', 'cy')}, business_center: '{OTHER}'}}",
        top="business_center: Acme GmbH",
    )
    assert orgs(order) == [ACME, ACME, OTHER]
    assert order.named == (("Acme GmbH", ACME),)
    assert reader.looked_up == ["default"], "once, for all jobs of a login"


def test_the_same_job_by_name_and_by_id_is_one(reader: Reader) -> None:
    order = reader.read(f"{ANA}, business_center: Acme GmbH}}", f"{ANA}, business_center: '{ACME}'}}")
    assert orgs(order) == [ACME]
    other = ANA.replace("standard", "admin")
    with pytest.raises(BadInput, match="role"):
        reader.read(f"{ANA}, business_center: Acme GmbH}}", f"{other}, business_center: '{ACME}'}}")


def test_two_names_are_two_business_centers_before_they_are_known(reader: Reader) -> None:
    other = ANA.replace("standard", "admin")
    with pytest.raises(BadInput) as found:
        reader.read(f"{ANA}, business_center: Acme GmbH}}", f"{other}, business_center: Gamma}}")
    there = f"'Acme GmbH' ({ACME}), 'Beta' ({OTHER}), 'Beta' ({TWIN})"
    said = f"jobs[1].business_center: no Business Center of login default is named 'Gamma'; there are {there}"
    assert found.value.problems == [f"{reader.folder / 'jobs.yaml'}:4: {said}"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Beta", f"'Beta' is the name of 2 Business Centers; give the id: {OTHER}, {TWIN}"),
        ("acme gmbh", "no Business Center of login default is named 'acme gmbh'"),
        ("Acme", "no Business Center of login default is named 'Acme'"),
    ],
)
def test_a_name_that_is_not_the_only_one_or_not_exact_is_refused_with_the_candidates(
    reader: Reader, name: str, why: str
) -> None:
    with pytest.raises(BadInput, match="business_center") as found:
        reader.read(f"{ANA}, business_center: {name}}}")
    assert why in found.value.problems[0]


@pytest.mark.parametrize(
    "value",
    [
        "'7123456789012345678x'",
        "7.01E+18",
        "'$bc'",
        "'${bc.business_centre_id}'",
        "'https://x.example/?org=1'",
        "'2026'",
    ],
)
def test_what_is_nearly_an_id_or_a_reference_is_no_name(reader: Reader, value: str) -> None:
    with pytest.raises(BadInput):
        reader.read(f"{ANA}, business_center: {value}}}")
    assert reader.looked_up == []


def test_nothing_is_looked_up_while_a_line_is_wrong(reader: Reader) -> None:
    with pytest.raises(BadInput, match="rolle"):
        reader.read(f"{ANA}, business_center: Acme GmbH}}", "{flow: invite-member, rolle: x}")
    assert reader.looked_up == []


def test_a_sheet_and_options_may_name_it_too(reader: Reader) -> None:
    sheet = reader.folder / "people.csv"
    sheet.write_text("email,role,business center\nana@acme.example,standard,Acme GmbH\n", encoding="utf-8")
    assert orgs(reader.order(Wanted("invite-member", sheet=sheet))) == [ACME]
    given = {"email": "ana@acme.example", "role": "standard"}
    assert orgs(reader.order(Wanted("invite-member", business_center="Acme GmbH", given=given))) == [ACME]


def test_who_only_queues_a_file_must_give_ids(reader: Reader) -> None:
    path = reader.folder / "jobs.yaml"
    path.write_text(f"jobs:\n  - {ANA}, business_center: Acme GmbH}}\n", encoding="utf-8")
    with pytest.raises(BadInput, match="bcflow whoami"):
        read_order(Wanted(str(path)), reader.settings)
