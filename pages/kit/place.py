"""Which Business Center the page is about, and whether there is a session at all.

The address bar alone proves nothing: another Business Center may be selected in the switcher, and a deep
link without a session shows the shell for up to 30 s before it goes to the log-in page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bcflow.models.identity import canonical_name
from bcflow.pages.kit import css
from bcflow.pages.kit.wire import SITE_ID

if TYPE_CHECKING:
    from bcflow.pages.kit.site import Site

ORGANIZATIONS = "organizations"
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


def learn_names(site: Site) -> None:
    """Keep the names of the Business Centers this login may see, from the page's own requests."""
    for body in site.wire.answers(containing=ORGANIZATIONS):
        for item in _organizations(body.get("data")):
            site.names[item["id"]] = item["name"]


def session_proven(site: Site) -> bool:
    """Say whether the screen holds what the site gives to a session only: answered data, rows, account cards."""
    return site.wire.has_answer() or bool(site.page.evaluate(_HOLDS_DATA, css.DATA))


def contradiction(site: Site, org: str) -> str:
    """Return what speaks against the page being about `org`, or nothing."""
    learn_names(site)
    if site.org_in_url not in (None, org):
        return f"the address names Business Center {site.org_in_url}, not {org}"
    others = site.wire.orgs_asked() - {org}
    if others:
        return f"the page loads data of Business Center {', '.join(sorted(others))}, not {org}"
    shown = _shown(site)
    names = {canonical_name(name): known for known, name in site.names.items()}
    wanted = canonical_name(site.names.get(org, ""))
    strangers = [name for name in shown["names"] if name != wanted and name in names]
    if strangers and wanted not in shown["names"] and org not in shown["ids"]:
        return f"the page shows Business Center {strangers[0]!r}, not {site.names.get(org, org)!r}"
    return ""


def shows(site: Site, org: str) -> bool:
    """Say whether the page itself shows that it is about `org`: its id, or its name where no other has it."""
    learn_names(site)
    shown = _shown(site)
    if org in shown["ids"]:
        return True
    name = canonical_name(site.names.get(org, ""))
    if not name:
        # Nothing here names any Business Center: then the page's own requests and address must do.
        return not site.names and org in {*site.wire.orgs_asked(), site.org_in_url}
    same = [known for known, other in site.names.items() if canonical_name(other) == name]
    return name in shown["names"] and (len(same) == 1 or org in site.wire.orgs_asked())


def is_silent(site: Site, org: str) -> bool:
    """Say whether the page shows no Business Center at all while its address and its requests name `org`."""
    shown = _shown(site)
    named = {site.org_in_url, *site.wire.orgs_asked()} - {None}
    return not shown["names"] and not shown["ids"] and named == {org}


def _shown(site: Site) -> dict[str, list[str]]:
    found: dict[str, list[str]] = site.page.evaluate(
        _OUTSIDE_LISTS, [canonical_name(name) for name in site.names.values()]
    )
    return found


def _organizations(data: Any) -> list[dict[str, str]]:  # noqa: ANN401 - whatever JSON the site sends
    if isinstance(data, dict):
        own = data.get("id") or data.get("org_id") or data.get("bc_id")
        name = data.get("name") or data.get("org_name") or data.get("bc_name")
        if isinstance(own, str) and SITE_ID.fullmatch(own) and isinstance(name, str):
            role = data.get("role") or data.get("org_role") or data.get("user_role") or ""
            return [{"id": own, "name": name, "role": str(role)}]
        return [item for value in data.values() for item in _organizations(value)]
    if isinstance(data, list):
        return [item for value in data for item in _organizations(value)]
    return []


def organizations(site: Site) -> list[dict[str, str]]:
    """Return every Business Center the page's own requests named: id, name, and role where it is given."""
    found = {}
    for body in site.wire.answers(containing=ORGANIZATIONS):
        for item in _organizations(body.get("data")):
            found[item["id"]] = item
    return list(found.values())


_HOLDS_DATA = """data => [...document.querySelectorAll(data)].some(e => e.getClientRects().length
  && /[67]\\d{18}|\\S+@\\S+\\.\\S+/.test(e.innerText || ''))"""
