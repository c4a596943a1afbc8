"""What a picture shows: a form part after part, with the button that is about to be pressed; the row of an effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.models.errors import CannotSee
from bcflow.pages.kit import css
from bcflow.pages.kit.lists.reading import whole_in
from bcflow.pages.kit.lists.table import Table, list_landmark
from bcflow.pages.kit.screen import evaluate, outline
from bcflow.pages.kit.screen.site_api import whole
from bcflow.pages.kit.widgets.surface import on_top
from bcflow.pages.kit.widgets.toggles import IS_ON

if TYPE_CHECKING:
    from collections.abc import Generator

    from playwright.sync_api import FloatRect, Locator

    from bcflow.pages.kit.screen.site import Site

PAGER = '[class*="-pager"], [class*="-pagination"]'
BESIDE = f"nav, aside, header, {css.MENU}, {css.TOAST}"
"""What is no part of a form or of what a page tells, but stands beside it."""


def showing(site: Site, text: str) -> Locator:
    """Return the block that is about the id or address `text`: its dialog, its row, or what a page tells of it alone.

    A list is turned to the row that shows it. Raises `CannotSee` where nothing shows it, or several rows do.
    """
    surface = on_top(site)
    found = surface.root.get_by_text(text).filter(visible=True)
    shown = whole_in(found, text)
    if not surface.is_page and shown:
        return surface.root
    at, height, is_listed, is_drawn = found.evaluate_all(_BLOCK, [whole(text).pattern, css.ROWS, BESIDE, shown])
    if surface.is_page and is_drawn:
        return Table(site, surface.root).row(text).first
    if surface.is_page and (is_listed or (not height and list_landmark(site).filter(visible=True).count())):
        return Table(site, surface.root).show(text).first
    if not height:
        raise CannotSee(f"{site.screen}: nothing shows {text}")
    return found.nth(at).locator(f"xpath=ancestor-or-self::*[{height}]")


def parts(site: Site, target: Locator, *, of: str | None = None) -> Generator[FloatRect, None, None]:
    """Bring part after part of `target` into the window, and yield where in the window it stands then.

    With `of`, the mark of a form's surface, `target` is its button that is about to be pressed: it has a frame, and the
    parts are as many as it takes to show all that is filled in, every ticked row, and the button. What fits is not
    moved. In the end (close the generator) all is scrolled back, and the page has been told of no scrolling. Nothing is
    yielded while a password or code field shows.
    """
    given = [_KEY, css.SURFACE_MARK, of, css.SECRET_FIELD, css.ROWS, css.TOGGLE, BESIDE, PAGER]
    try:
        clip: FloatRect | None = evaluate.one(target, _BEGIN, given)
        while clip is not None:
            yield clip
            clip = site.page.evaluate(_NEXT, _KEY)
    finally:
        site.page.evaluate(_END, _KEY)


# Another address or id of the same kind may be another thing's: the block ends before it. Where rows show any, it is
# their list that shows the thing, and what stands elsewhere on the page only speaks of it.
_BLOCK = """(all, [wanted, rows, beside, shownWhole]) => {
  const whole = new RegExp(wanted, 'gi');
  const kind = wanted.includes('@') ? /\\S@\\S+\\.\\w/ : /(?<!\\d)[67]\\d{18}(?!\\d)/;
  const shown = e => e.getClientRects().length > 0;
  const listed = [...document.querySelectorAll(rows)].some(e => shown(e) && kind.test((SAID)(e)));
  const alone = e => e && e !== document.body && !e.querySelector(beside)
    && !kind.test((SAID)(e).replace(whole, ''));
  const drawn = all.some((e, at) => shownWhole.includes(at) && e.closest(rows));
  let found = [0, 0, listed, drawn], widest = 0;
  all.forEach((e, at) => {
    if (!shownWhole.includes(at) || e.closest(`${rows}, ${beside}`)) return;
    let block = e, height = 1;
    for (; alone(block.parentElement); block = block.parentElement) height++;
    const box = block.getBoundingClientRect();
    if (box.width * box.height > widest) { found = [at, height, listed, drawn]; widest = box.width * box.height; }
  });
  return found;
}""".replace("SAID", evaluate.SAID)
_KEY = "bcflow parts"
# What is kept between one part and the next is under a symbol: no name of the page's own can meet it.
_BEGIN = f"""(e, [key, surface, form, secret, rows, toggle, beside, pager]) => {{
  const isOn = {IS_ON}, mark = '{outline.MARK}', draw = {outline.FRAME}, undraw = {outline.REMOVE};
  if ([...document.querySelectorAll(secret)].some(field => field.getClientRects().length)) return null;
  const root = form === null ? e : (form && e.closest(`[${{surface}}="${{form}}"]`)) || document.body;
  // What still slides in is put where it ends, as the picture itself does.
  for (const each of document.getAnimations()) {{
    const end = each.effect && each.effect.target && each.effect.target.contains(root)
      && each.effect.getComputedTiming().endTime;
    if (end && Number.isFinite(end)) each.finish();
  }}
  const shown = e => e.getClientRects().length > 0 && getComputedStyle(e).visibility !== 'hidden';
  let open = new Map();
  // The part of the window in which what is inside `e` may show.
  const opening = e => {{
    if (!e || e === document.body || e === document.documentElement)
      return {{left: 0, top: 0, right: innerWidth, bottom: innerHeight}};
    if (open.has(e)) return open.get(e);
    const style = getComputedStyle(e);
    let found = opening(style.position === 'fixed' ? null : e.parentElement);
    if (style.overflowX !== 'visible' || style.overflowY !== 'visible') {{
      const box = e.getBoundingClientRect();
      found = {{left: Math.max(found.left, box.left), top: Math.max(found.top, box.top),
        right: Math.min(found.right, box.right), bottom: Math.min(found.bottom, box.bottom)}};
    }}
    open.set(e, found);
    return found;
  }};
  // Wide is enough from its beginning, high from its top.
  const isIn = e => {{
    const box = e.getBoundingClientRect(), at = opening(e.parentElement);
    const right = box.left + Math.min(box.width, 40);
    const bottom = box.height > (at.bottom - at.top) / 2 ? box.top + Math.min(box.height, 24) : box.bottom;
    if (box.left < at.left - 1 || right > at.right + 1 || box.top < at.top - 1 || bottom > at.bottom + 1) return false;
    const hit = document.elementFromPoint((box.left + right) / 2, (box.top + bottom) / 2);
    return !!hit && (hit.contains(e) || e.parentElement.contains(hit));
  }};
  // A row that could be ticked and is not is none of what is sent.
  const isLeft = e => {{
    const row = e.closest(rows);
    if (!row || row === root || !root.contains(row)) return false;
    const boxes = [...row.querySelectorAll(toggle)];
    return boxes.length > 0 && !boxes.some(isOn);
  }};
  const says = e => [...e.childNodes].some(each => each.nodeType === Node.TEXT_NODE && each.data.trim());
  const isSize = e => {{ const box = e.getBoundingClientRect(); return box.width > 3 && box.height > 3; }};
  const things = [...root.querySelectorAll('*')].filter(e =>
    (says(e) || e.matches(`input, textarea, select, ${{toggle}}`)) && !e.matches('script, style, option')
    && isSize(e) && shown(e) && !e.closest(pager) && !(form !== null && e.closest(beside)) && !isLeft(e));
  const kept = new Map(), quiet = event => event.stopImmediatePropagation();
  const bring = e => {{
    if (!kept.size) for (const name of ['scroll', 'scrollend']) window.addEventListener(name, quiet, true);
    const above = [];
    for (let at = e.parentElement; at; at = at.parentElement) above.push(at);
    for (const at of above) if (!kept.has(at)) kept.set(at, [at.scrollLeft, at.scrollTop]);
    const scrolls = above.find(at => at.scrollHeight > at.clientHeight + 1
      && /auto|scroll|overlay/.test(getComputedStyle(at).overflowY)) || document.scrollingElement;
    return [['start', 64], ['center', 0]].some(([block, back]) => {{
      e.scrollIntoView({{block, inline: 'nearest', behavior: 'instant'}});
      // With what stands above it; what stays at the top of the block may cover it, too.
      const isAtEnd = scrolls.scrollTop + scrolls.clientHeight > scrolls.scrollHeight - 1;
      if (!isAtEnd) scrolls.scrollBy({{top: -back, behavior: 'instant'}});
      open = new Map();
      return isIn(e);
    }});
  }};
  const part = () => {{
    undraw(mark);
    if (form !== null && shown(e) && isIn(e)) {{
      const box = e.getBoundingClientRect();
      draw(mark, 0, [box.left, box.top, box.width, box.height]);
    }}
    // Of a page only where the form stands.
    const inside = root === document.body ? things.filter(isIn).map(each => each.getBoundingClientRect()) : [];
    const edge = (name, most, by) => inside.length ? most(...inside.map(each => each[name])) + by : box[name];
    const box = root.getBoundingClientRect(), at = opening(root.parentElement);
    const x = Math.max(edge('left', Math.min, -24), at.left), y = Math.max(edge('top', Math.min, -24), at.top);
    return {{x, y, width: Math.max(Math.min(edge('right', Math.max, 24), at.right) - x, 1),
      height: Math.max(Math.min(edge('bottom', Math.max, 24), at.bottom) - y, 1)}};
  }};
  let left = things.every(isIn) ? [] : things;
  const next = () => {{
    while (left.length) {{
      const [first] = left, came = first.isConnected && bring(first);
      left = left.filter(each => each !== first && !isIn(each));
      if (came) return part();
    }}
    return null;
  }};
  const end = async () => {{
    undraw(mark);
    for (const [at, [x, y]] of kept) at.scrollTo({{left: x, top: y, behavior: 'instant'}});
    if (!kept.size) return;
    const frame = new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
    // A window that nobody sees draws none.
    await Promise.race([frame, new Promise(done => setTimeout(done, document.hidden ? 300 : 3000))]);
    for (const name of ['scroll', 'scrollend']) window.removeEventListener(name, quiet, true);
  }};
  // One that was begun and came to nothing ends first.
  if (window[Symbol.for(key)]) window[Symbol.for(key)].end();
  window[Symbol.for(key)] = {{next, end}};
  return left.length ? next() || part() : part();
}}"""
_NEXT = "key => { const view = window[Symbol.for(key)]; return view ? view.next() : null; }"
_END = """async key => {
  const view = window[Symbol.for(key)];
  delete window[Symbol.for(key)];
  if (view) await view.end();
}"""
