"""Sites that are neither TikTok's nor on this machine: a person says once, for a home, that they are meant.

Passwords are typed on the configured sites. A wrong address in a file that somebody else wrote must not be enough.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from bcflow.models.errors import BadInput
from bcflow.runner.config.site_address import is_local
from bcflow.runner.redaction.printable import json_text
from bcflow.runner.redaction.private_files import write_private

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bcflow.runner.config.settings import Settings

FILE_NAME: Final = "sites.json"
_TIKTOK: Final = "tiktok.com"


def unconfirmed(settings: Settings) -> list[str]:
    """Return the configured sites that nobody has said yes to yet."""
    foreign = [site for site in (settings.business_center_url, settings.ads_manager_url) if not _is_known(site)]
    confirmed = _confirmed(settings.home) if foreign else []
    return [site for site in dict.fromkeys(foreign) if site not in confirmed]


def confirm(settings: Settings, site: str) -> None:
    """Remember in the home that `site` is meant."""
    path = settings.make_home() / FILE_NAME
    write_private(path, json_text(sorted({*_confirmed(settings.home), site}), indent=1).encode())


def check(settings: Settings, *, ask: Callable[[str], bool] | None) -> None:
    """Have every foreign site confirmed, by `ask` if somebody is there. Raises BadInput for one that is not."""
    for site in unconfirmed(settings):
        question = f"{site} is not a site of TikTok's. Passwords will be typed there. Is that what you want?"
        if ask is None or not ask(question):
            raise BadInput(
                [f"{site} is not a site of TikTok's; if it is meant, say so once: bcflow doctor --confirm-site {site}"]
            )
        confirm(settings, site)


def _is_known(site: str) -> bool:
    host = urlsplit(site).hostname or ""
    return is_local(host) or host == _TIKTOK or host.endswith(f".{_TIKTOK}")


def _confirmed(home: Path) -> list[str]:
    try:
        known = json.loads((home / FILE_NAME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    except (OSError, ValueError):
        raise BadInput([f"{home / FILE_NAME}: cannot be read; remove it, and confirm the site again"]) from None
    return [site for site in known if isinstance(site, str)] if isinstance(known, list) else []
