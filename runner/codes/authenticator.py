"""Codes of an authenticator app, made from its secret (RFC 6238)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from pyotp import TOTP

from bcflow.runner.codes.source import Channels, CodeRequest

_STEP: Final = 30


class AnyLength(TOTP):
    """The library asks for 112 bits. The site chose the secret's length, and many hand out 80 bits."""

    min_secret_length_bits = 1


class Authenticator:
    """Makes codes from a secret. If it is the `only` source, a code that travels nobody knows how is made, too."""

    def __init__(self, secret: str, *, only: bool) -> None:
        self._totp = AnyLength(secret)
        self.channels: Channels = ["authenticator", None] if only else ["authenticator"]

    def find(self, request: CodeRequest) -> list[str]:
        """Return the code by the server's clock; if it was tried already, wait for the next one."""
        now = datetime.now(UTC) + timedelta(seconds=float(request.question.get("clock_offset") or 0.0))
        code = self._totp.at(now)
        if code not in request.tried:
            return [code]
        rest = _STEP - now.timestamp() % _STEP + 0.1
        if request.wait < rest or request.stop.wait(rest):
            return []
        return [self._totp.at(now + timedelta(seconds=rest))]
