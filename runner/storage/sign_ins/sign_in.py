"""A saved sign-in: a browser's state, and whose it is."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class SignIn:
    """A browser's storage state (cookies and local storage) and whose it is.

    `site` is the origin of the Business Center site, `account` the e-mail address in its canonical form; empty where
    nobody said it. Both are sealed together with the state.
    """

    login: str
    site: str
    account: str
    state: dict[str, Any] = field(repr=False)

    def content(self) -> bytes:
        """Return what is sealed."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_content(cls, content: bytes) -> SignIn:
        """Return what was sealed; what an older bcflow sealed says nothing of its owner, so it is nobody's.

        Raises ValueError for what is no JSON.
        """
        match json.loads(content):
            case {"login": str(login), "site": str(site), "account": str(account), "state": dict(state)}:
                return cls(login, site, account, state)
        return cls("", "", "", {})
