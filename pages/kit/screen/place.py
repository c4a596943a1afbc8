"""Which Business Center the page is about, and whether there is a session at all.

The address bar alone proves nothing: another Business Center may be selected in the switcher, and a deep
link without a session shows the shell for up to 30 s before it goes to the log-in page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bcflow.models.errors import CannotSee, WrongPlace
from bcflow.models.identity import canonical_name, quoted
from bcflow.pages.kit.screen.site_api import SITE_ID

if TYPE_CHECKING:
    from bcflow.pages.kit.screen.site import Site

ORGANIZATIONS = "organizations"
ROLE_NUMBERS = {"1": "admin"}
"""Seen in public automation code, in the request that invites; no other number is known."""
_OUTSIDE_LISTS = """names => {
  const skip = 'table, tr, [class*="-table"], [class*="-popover"], [class*="-content-container"], [role="dialog"]';
  const ids = new Set(), shown = new Set(), wanted = new Set(names);
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const at = walk.currentNode.parentElement;
    if (!at || !at.getClientRects().length || at.closest(skip) || ['SCRIPT', 'STYLE'].includes(at.tagName)) continue;
    const text = walk.currentNode.nodeValue.normalize('NFC').replace(/\\s+/g, ' ').trim();
    if (wanted.has(text)) shown.add(text);
    for (const id of text.matchAll(/(?<!\\d)[67]\\d{18}(?!\\d)/g)) ids.add(id[0]);
  }
  return {ids: [...ids], names: [...shown]};
}"""


def learn_business_centers(site: Site) -> None:
    """Keep the Business Centers that this login may see, and its role in each, from the page's own requests."""
    for body in site.traffic.answers(containing=ORGANIZATIONS):
        for item in _organizations(body.get("data")):
            site.session.business_centers[item["id"]] = item["name"]
            if item["role"]:
                site.session.own_roles[item["id"]] = item["role"]


@dataclass(frozen=True)
class Verdict:
    """Whether the page is about the wanted Business Center: `against` says why not, `proven` that it is.

    `silent` is a page that shows no Business Center at all while its address and requests name the wanted one.
    """

    against: str = ""
    proven: bool = False
    silent: bool = False


def judge(site: Site, org: str) -> Verdict:
    """Look at what the page shows, asks for and is addressed by, in that order of weight."""
    verdict = _judged(site, org) if org in site.session.business_centers else Verdict()
    if not verdict.proven:
        # What the page asked for may name more Business Centers than were known.
        learn_business_centers(site)
        verdict = _judged(site, org)
    return verdict


def require_place(site: Site, org: str | None) -> None:
    """Raise `WrongPlace` unless the page is seen to show the Business Center `org` (None: any)."""
    if org is None:
        return
    verdict = site.until(lambda: _decided(site, org), seconds=5)
    if verdict is None or verdict.against:
        site.session.shared_looks = None
    if verdict is None:
        raise CannotSee(f"{site.screen}: the page does not show which Business Center it is about")
    if verdict.against:
        raise WrongPlace(verdict.against)
    site.proven_place = org


def _decided(site: Site, org: str) -> Verdict | None:
    """Return a verdict once there is one; the ad-account wizard is an application that shows none at all."""
    verdict = judge(site, org)
    enough = verdict.proven or verdict.against or (verdict.silent and site.proven_place == org)
    return verdict if enough else None


def _judged(site: Site, org: str) -> Verdict:
    known = site.session.business_centers
    if site.org_in_url not in (None, org):
        return Verdict(against=f"the address names Business Center {site.org_in_url}, not {org}")
    shown, asked = _shown(site), {str(each) for each in site.traffic.orgs_asked()}
    wanted = canonical_name(known.get(org, ""))
    alike = [each for each, name in known.items() if canonical_name(name) == wanted]
    strangers = [name for name in shown["names"] if name != wanted]
    here = org in shown["ids"] or wanted in shown["names"]
    if strangers and not here:
        return Verdict(
            against=f"the page shows Business Center {quoted(strangers[0])}, not {quoted(known.get(org, org))}"
        )
    if org in shown["ids"] or (here and len(alike) == 1 and not strangers):
        return Verdict(proven=True)
    if asked - {org}:
        return Verdict(against=f"the page loads data of Business Center {', '.join(sorted(asked - {org}))}, not {org}")
    if here or not known:
        # Several are named, or none is known by name: then what the page asks for must tell.
        return Verdict(proven=org in asked)
    return Verdict(silent=not shown["ids"] and {site.org_in_url, *asked} - {None} == {org})


def _shown(site: Site) -> dict[str, list[str]]:
    found: dict[str, list[str]] = site.page.evaluate(
        _OUTSIDE_LISTS, [canonical_name(name) for name in site.session.business_centers.values()]
    )
    return found


def _organizations(data: Any) -> list[dict[str, str]]:  # noqa: ANN401 - whatever JSON the site sends
    if isinstance(data, dict):
        ids = (str(data.get(key, "")) for key in ("id", "org_id", "bc_id"))
        own = next((one for one in ids if SITE_ID.fullmatch(one)), None)
        name = data.get("name") or data.get("org_name") or data.get("bc_name")
        if own is not None and isinstance(name, str):
            return [{"id": own, "name": name, "role": _role(data)}]
        return [item for value in data.values() for item in _organizations(value)]
    if isinstance(data, list):
        return [item for value in data for item in _organizations(value)]
    return []


def _role(data: dict[str, Any]) -> str:
    """Return the login's role as a word; a number that is not known is no role."""
    role = str(next((data[key] for key in ("role", "org_role", "user_role") if data.get(key)), ""))
    return ROLE_NUMBERS.get(role, "") if role.isdecimal() else role


def organizations(site: Site) -> list[dict[str, str]]:
    """Return every Business Center the page's own requests named: id, name, and role where it is given."""
    found = {}
    for body in site.traffic.answers(containing=ORGANIZATIONS):
        for item in _organizations(body.get("data")):
            found[item["id"]] = item
    return list(found.values())
