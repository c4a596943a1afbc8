"""Where the two sites are."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Addresses:
    """The two sites, without a trailing slash."""

    business_center: str
    ads_manager: str

    @property
    def origin(self) -> str:
        """Return scheme and host of the Business Center site: the ledger's scope."""
        parts = urlsplit(self.business_center)
        return f"{parts.scheme}://{parts.netloc}"
