"""Small pages of another Business Center UI, for what the stand-in's lists never do.

They stand on the stand-in's addresses; every request of theirs is answered here. A page is a list that asks
`/api/things/list/` for its rows, and a frame round it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Page, Route

from bcflow.pages.kit.screen.site import Site
from bcflow.pages.members_page import MembersPage
from bcflow.pages.partners_page import PartnersPage

ORG = "7123456789012345678"
NAME = "Harbour House"
API = "/api/things/list/"
MEMBERS, PARTNERS = "/manage/users/members", "/manage/users/partners"
OWN = "ops@agency.example"
NOBODY = "nobody@client.example"
STRANGER = "7999999999999999999"
Answer = Callable[[dict[str, str]], Any]

_PAGE = """<!doctype html><html lang="en"><body style="margin:0">
<div class="top" style="height:50px">NAME <span class="x-select-input"><input readonly value="LANGUAGE"></span></div>
<div style="display:flex"><nav style="width:200px;height:600px"><a>Members</a></nav>
<main style="flex:1"><h2>TITLE</h2><div>SEARCH<button>Invite Member</button>
<button>Add partner</button></div>BEFORE<div id="list"></div><div id="after">AFTER</div></main></div>
<script>
const how = HOW, ORG = 'ORG_ID';
const typed = () => (document.getElementById('search') || {value: ''}).value;
const ask = async (more = {}) => (await (await fetch('/api/things/list/?' + new URLSearchParams(
  {org_id: ORG, keyword: typed(), ...more}))).json()).data;
const table = rows => `<table><thead><tr>${how.headings.map(t => `<th>${t}</th>`).join('')}</tr></thead><tbody>${
  rows.map(cells => `<tr style="height:40px">${cells.map(t => `<td>${t}</td>`).join('')}</tr>`).join('')
}</tbody></table>`;
const none = '<div class="x-empty"><div class="x-empty-inner-text">No Data</div></div>';
const list = document.getElementById('list');
const start = async () => {
  await fetch('/api/organizations/?org_id=' + ORG).then(a => a.json());
  for (const path of how.beside) await fetch(path + '?org_id=' + ORG).catch(() => null);
  const rows = how.rows;
  if (how.kind === 'whole') {
    const load = async () => {
      const data = await ask({page: 1});
      const shown = rows.filter(r => r.join(' ').includes(typed()));
      list.innerHTML = shown.length && data ? table(shown) : none;
    };
    if (how.search) document.getElementById('search').oninput = load;
    return load();
  }
  if (how.kind === 'more') {
    let shown = how.first;
    const draw = () => {
      list.innerHTML = table(rows.slice(0, shown)) + (shown < rows.length ? `<button>${how.word}</button>` : '');
      const button = list.querySelector('button');
      if (button) button.onclick = async () => { await ask({page: 2}); shown += how.first; draw(); };
    };
    await ask({page: 1});
    return draw();
  }
  list.style.cssText = 'height:280px;overflow-y:auto';
  if (how.kind === 'virtual') {
    await ask({page: 1});
    const draw = () => {
      const from = Math.floor(list.scrollTop / 40);
      list.innerHTML = `<div style="height:${rows.length * 40 + 40}px"><div style="padding-top:${from * 40}px">${
        table(rows.slice(from, from + 7))}</div></div>`;
    };
    list.onscroll = draw;
    return draw();
  }
  let shown = how.first, busy = false;  // endless
  await ask({page: 1});
  const draw = () => { list.innerHTML = `<div id="rows">${table(rows.slice(0, shown))}</div>`; };
  list.onscroll = async () => {
    if (busy || shown >= rows.length || list.scrollTop + list.clientHeight < list.scrollHeight - 60) return;
    busy = true;
    if (how.delay) await new Promise(done => setTimeout(done, how.delay)); else await ask({slow: 1});
    shown += how.first; busy = false;
    const at = list.scrollTop; draw(); list.scrollTop = at;
  };
  draw();
};
start();
</script></body></html>"""


def serve(page: Page, path: str, *, answer: Answer | None = None, refused: tuple[str, ...] = (), **how: Any) -> None:  # noqa: ANN401 - what the page's script takes
    """Serve the page on `path`: `rows`, `headings`, `kind` (whole, more, virtual, endless), `before` and `after` it.

    `answer(query)` gives the data of the list's own answers, `refused` are paths of side requests that get none.
    """
    given = {"rows": [], "headings": ["Username", "Email"], "kind": "whole", "first": 7, "word": "Load more"} | how
    given["beside"] = [*how.get("beside", []), *refused]
    html = _PAGE
    for mark, text in (
        ("HOW", json.dumps({key: value for key, value in given.items() if key not in ("before", "after")})),
        ("ORG_ID", ORG),
        ("NAME", NAME),
        ("TITLE", given.get("title", "Members")),
        ("LANGUAGE", given.get("language", "")),
        ("SEARCH", '<input placeholder="Search" id="search">' if given.get("search") else ""),
        ("BEFORE", given.get("before", "")),
        ("AFTER", given.get("after", "")),
    ):
        html = html.replace(mark, str(text))

    def reply(route: Route) -> None:
        parts = urlsplit(route.request.url)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path in refused:
            route.fulfill(status=403, json={"code": 40003, "msg": "no permission"})
        elif "organizations" in parts.path:
            route.fulfill(
                json={"code": 0, "data": {"organizations": given.get("organizations", [{"id": ORG, "name": NAME}])}}
            )
        elif parts.path == API:
            data = answer(query) if answer else {}
            route.fulfill(json=data if "code" in data else {"code": 0, "data": data})
        else:
            route.fulfill(json={"code": 0, "data": {}})

    page.route("**/api/**", reply)
    page.route(f"**{path}?**", lambda route: route.fulfill(content_type="text/html", body=html))
    page.route(f"**{path}", lambda route: route.fulfill(content_type="text/html", body=html))


def people(count: int) -> list[list[str]]:
    return [["Olivia", OWN], *([f"Person {at}", f"person{at}@client.example"] for at in range(1, count))]


def told(rows: list[list[str]], **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {"list": [{"user_name": name, "email": email} for name, email in rows], **more}


def members(site: Site, **how: Any) -> MembersPage:  # noqa: ANN401 - what the page takes
    site.session.own_email = OWN
    serve(site.page, MEMBERS, **how)
    return MembersPage.open(site, ORG)


def partners(site: Site, **how: Any) -> PartnersPage:  # noqa: ANN401 - what the page takes
    site.session.routes["Partners"] = PARTNERS
    serve(site.page, PARTNERS, **{"title": "Partners", "headings": ["Partner name", "Partner ID"]} | how)
    return PartnersPage.open(site, ORG)
