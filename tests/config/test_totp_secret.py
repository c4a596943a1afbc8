"""An authenticator's secret, as a site shows it or as its QR code holds it."""

from pathlib import Path

import pytest

from tests.support.given_settings import load, problems

BY_QR = "otpauth://totp/TikTok:ops%40agency.example?secret=jbswy3dpehpk3pxp&issuer=TikTok"


@pytest.mark.parametrize(
    "given", ["JBSW Y3DP EHPK 3PXP", "jbswy3dp-ehpk3pxp==", BY_QR, f"{BY_QR}&algorithm=SHA1&digits=6&period=30"]
)
def test_an_authenticators_secret_may_be_the_address_that_its_qr_code_holds(tmp_path: Path, given: str) -> None:
    secret = load(tmp_path, BCFLOW_TOTP_SECRET=given).login().totp_secret
    assert secret is not None
    assert secret.get_secret_value() == "JBSWY3DPEHPK3PXP"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (BY_QR.replace("totp", "hotp"), "another kind of code"),
        (f"{BY_QR}&digits=8", "another kind of code"),
        (f"{BY_QR}&period=60", "another kind of code"),
        (f"{BY_QR}&algorithm=SHA256", "another kind of code"),
        (f"{BY_QR}&secret=JBSWY3DPEHPK3PXQ", "not a base32 secret"),
        ("otpauth://totp/TikTok?issuer=TikTok", "not a base32 secret"),
        ("otpauth://[totp", "not a base32 secret"),
        ("otpauth-migration://offline?data=planted", "not a base32 secret"),
        ("JBSWY3DPE", "a part of it is missing"),
        ("JBSWY3DPEHPK3P", "a part of it is missing"),
    ],
)
def test_an_authenticators_secret_that_would_give_wrong_codes_is_refused(tmp_path: Path, given: str, said: str) -> None:
    (problem,) = problems(tmp_path, BCFLOW_TOTP_SECRET=given)
    assert said in problem
    assert not any(part in problem for part in ("planted", "JBSWY3", "jbswy3"))
