"""What may be named where its name is the only one: from then on it is its id, and nothing else."""

from pathlib import Path

import pytest

from bcflow.models.errors import BadInput
from bcflow.models.jobs import InviteMember, ShareWithPartner
from bcflow.models.named import Namespace
from bcflow.runner.config.settings import Settings
from bcflow.runner.jobfiles.source import Order, Wanted, read_order

ACME, OTHER, TWIN = "7123456789012345678", "7123456789012345679", "7123456789012345680"
CENTERS = [(ACME, "Acme  GmbH"), (OTHER, "Beta"), (TWIN, "Beta")]
US, CUT, ONE, TWO = "7012345678901234567", "7012345678901230000", "7012345678901234569", "7012345678901234570"
ACCOUNTS = {
    ACME: [(US, "Acme US"), (CUT, "Acme: shop"), (ONE, "Twin"), (TWO, "Twin")],
    OTHER: [(ONE, "Acme US")],
}
ANA = "{flow: invite-member, email: ana@acme.example, role: standard"


class Reader:
    """Reads job files, and notes what was looked up."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.looked_up: list[tuple[str, str]] = []
        self.settings = Settings.load({"BCFLOW_HOME": str(folder / "home")}, cwd=folder)

    def read(self, *jobs: str, top: str = "") -> Order:
        path = self.folder / "jobs.yaml"
        path.write_text(f"{top}\njobs:\n" + "".join(f"  - {job}\n" for job in jobs), encoding="utf-8")
        return self.order(Wanted(str(path)))

    def order(self, wanted: Wanted) -> Order:
        return read_order(wanted, self.settings, look=self.look)

    def look(self, space: Namespace) -> list[tuple[str, str]]:
        self.looked_up.append((space.login, space.business_center))
        return ACCOUNTS[space.business_center] if space.business_center else CENTERS


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
    assert order.named == ((Namespace("default"), "Acme GmbH", ACME),)
    assert reader.looked_up == [("default", "")], "once, for all jobs of a login"


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


def given_accounts(order: Order) -> list[list[str]]:
    jobs = [task.job for task in order.tasks]
    return [[one.aadvid for one in job.ad_accounts] for job in jobs if isinstance(job, InviteMember | ShareWithPartner)]


def test_ad_accounts_may_be_named_in_their_business_center(reader: Reader) -> None:
    order = reader.read(
        f"{ANA}, business_center: Acme GmbH, ad_accounts: [{{aadvid: ' Acme  US ', role: analyst}}]}}",
        f"{ANA}, business_center: '{OTHER}', ad_accounts: [{{aadvid: Acme US, role: analyst}}]}}",
        f"{{flow: share-with-partner, partner_id: '{TWIN}', business_center: '{ACME}', ad_accounts: "
        f"[{{aadvid: Acme US, role: analyst}}, {{aadvid: '{ONE}', role: analyst}}]}}",
    )
    assert given_accounts(order) == [[US], [ONE], [US, ONE]]
    assert reader.looked_up == [("default", ""), ("default", OTHER), ("default", ACME)], "each space once"
    assert [(space.kind, name, found) for space, name, found in order.named] == [
        ("Business Center", "Acme GmbH", ACME),
        ("ad account", "Acme US", US),
        ("ad account", "Acme US", ONE),
    ]


def test_a_sheet_and_options_may_name_ad_accounts_too(reader: Reader) -> None:
    sheet = reader.folder / "people.csv"
    text = "email,role,ad accounts\nana@acme.example,standard,Acme: shop:analyst|Acme US:operator\n"
    sheet.write_text(text, encoding="utf-8")
    assert given_accounts(reader.order(Wanted("invite-member", sheet=sheet, business_center=ACME))) == [[CUT, US]]
    given = {"email": "ana@acme.example", "role": "standard", "ad_accounts": ["Acme: shop:analyst"]}
    assert given_accounts(reader.order(Wanted("invite-member", business_center=ACME, given=given))) == [[CUT]]


def test_two_names_of_one_ad_account_are_the_same_one(reader: Reader) -> None:
    accounts = f"[{{aadvid: Acme US, role: analyst}}, {{aadvid: '{US}', role: operator}}]"
    with pytest.raises(BadInput, match=f"{US} stands twice, as analyst and as operator"):
        reader.read(f"{ANA}, business_center: '{ACME}', ad_accounts: {accounts}}}")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Twin", f"'Twin' is the name of 2 ad accounts; give the id: {ONE}, {TWO}"),
        ("Acme", f"no ad account of Business Center {ACME} is named 'Acme'; there are 'Acme US' ({US}),"),
    ],
)
def test_an_ad_account_that_is_not_the_only_one_or_not_exact_is_refused(reader: Reader, name: str, why: str) -> None:
    with pytest.raises(BadInput, match="ad_accounts") as found:
        reader.read(f"{ANA}, business_center: '{ACME}', ad_accounts: [{{aadvid: {name}, role: analyst}}]}}")
    assert why in found.value.problems[0]


def test_in_a_business_center_that_is_yet_to_be_made_nothing_has_a_name(reader: Reader) -> None:
    with pytest.raises(BadInput, match="yet to be made"):
        reader.read(
            "{flow: create-business-center, id: bc, name: Gamma}",
            f"{ANA}, business_center: '${{bc.business_center_id}}', "
            "ad_accounts: [{aadvid: Acme US, role: analyst}]}",
        )
    assert reader.looked_up == []
