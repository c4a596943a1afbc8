"""Several ad accounts in one cell or one option."""

from pathlib import Path

import pytest

from bcflow.models.errors import BadInput
from bcflow.runner.config.settings import Settings
from bcflow.runner.jobfiles.cells import ad_accounts
from bcflow.runner.jobfiles.source import Wanted, read_order

ACCOUNT = "7012345678901234567"
OTHER = "7012345678901234568"
ADDRESS = f"https://ads.tiktok.com/i18n/home?aadvid={ACCOUNT}"
SEVERAL = [
    *(
        f"{ACCOUNT}:operator{sign}{OTHER}:analyst"
        for sign in (", ", ";", " ", " / ", " and ", "\uff0c", "\u060c", "\u3001")
    ),
    f"{ADDRESS}:Admin,{ADDRESS}:operator",
    f"{ACCOUNT}: operator, {OTHER}",
]


@pytest.mark.parametrize("cell", [ACCOUNT, f"https://ads.tiktok.com/?aadvid={ACCOUNT}", f"{ACCOUNT}:{OTHER}", 5, "x"])
def test_an_account_without_a_role_is_refused(cell: object) -> None:
    with pytest.raises(ValueError, match=r"aadvid:role\|aadvid:role"):
        ad_accounts(cell)


@pytest.mark.parametrize("cell", SEVERAL)
def test_ad_accounts_that_are_separated_otherwise_are_told_how(cell: str) -> None:
    with pytest.raises(ValueError, match=r"is more than one ad account; separate ad accounts with \|$"):
        ad_accounts(cell)


@pytest.mark.parametrize("cell", [f"{ACCOUNT}:owner, friend", f"{ACCOUNT}:operator,"])
def test_one_ad_account_with_a_wrong_role_is_one(cell: str) -> None:
    assert ad_accounts(cell) == [{"aadvid": ACCOUNT, "role": cell.partition(":")[2]}]


@pytest.mark.parametrize("given", [*SEVERAL, f"{ACCOUNT}:operator|{OTHER}:analyst"])
def test_ad_accounts_in_one_option_are_told_to_be_given_one_by_one(tmp_path: Path, given: str) -> None:
    settings = Settings.load({"BCFLOW_HOME": str(tmp_path)}, tmp_path)
    options = {"email": "a@b.example", "role": "admin", "ad_accounts": [given]}
    with pytest.raises(BadInput) as caught:
        read_order(Wanted("invite-member", business_center="7123456789012345678", given=options), settings)
    assert caught.value.problems[0].endswith(" is more than one ad account; give --ad-account once for each")
