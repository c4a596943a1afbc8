"""Everything on a surface that a person could click, fill or read as a choice, whatever it is called.

One message to the browser. It is read only where a known word was not found, so it costs a known screen nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bcflow.pages.kit import css
from bcflow.pages.kit.screen import evaluate

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from bcflow.pages.kit.screen.site import Site

MARK = "data-bcflow-seen"
"""Put on what was seen, so that it can be found again whatever it says."""


@dataclass(frozen=True)
class Spotted:
    """One control as it stands now.

    `kind` is button, link, field, choice (a radio, checkbox or switch), tab, entry (of a menu) or card; `text` what a
    person would call it: its own words, or a field's caption, else its placeholder. `place` is menu, dropped (in a menu
    that dropped down), row, pager, header, dialog or page.
    """

    n: int
    kind: str
    text: str
    place: str
    box: tuple[float, float, float, float]
    filled: bool = False
    off: bool = False
    last: bool = False
    """Whether it stands behind the last field of the surface: where a form's own buttons are."""
    opened: bool = False
    """Whether it is the button that opened a form."""
    folds: bool = False
    """Whether it shows that it opens something: an arrow, what a screen reader is told, or what is closed below it."""
    widget: str = ""
    """Of a field: text, chips, select, multiple, cascader, native or choices; of a choice: radio, checkbox, switch."""
    hint: str = ""
    """Of a field: its placeholder; of a choice: all that its label says."""
    type: str = ""
    value: str = ""
    required: bool = False
    group: int = -1
    options: tuple[str, ...] = ()
    """Of a group of choices and a native select: what may be chosen."""


def spot(root: Locator) -> list[Spotted]:
    """Return what stands on the surface below `root`, in the page's order."""
    read: list[dict[str, Any]] = evaluate.one(root, _SPOT, [MARK, _CSS])
    return [Spotted(**each | {"box": tuple(each["box"]), "options": tuple(each["options"])}) for each in read]


def again(site: Site, seen: Spotted) -> Locator:
    """Return the element that was spotted."""
    return site.page.locator(f'[{MARK}="{seen.n}"]')


_CSS = {
    "dialog": css.DIALOG,
    "menu": css.MENU,
    "dropped": css.DROPPED_DOWN,
    "entry": css.MENU_ITEM,
    "tab": css.TAB,
    "toggle": css.TOGGLE,
    "group": css.TOGGLE_GROUP,
    "text": css.TEXT_INPUT,
    "chips": css.CHIPS,
    "trigger": css.TRIGGER,
    "label": css.LABEL,
    "panel": css.PANEL,
    "opener": css.OPENER,
    "rows": css.ROWS,
}
# Open shadow roots are looked into, as Playwright's own selectors do.
_SPOT = (
    """(root, [mark, css]) => {
  const folded = FOLDED;
  const roots = [root];
  for (let at = 0; at < roots.length; at++)
    for (const e of roots[at].querySelectorAll('*')) if (e.shadowRoot) roots.push(e.shadowRoot);
  const shown = e => (SHOWN)(e) && getComputedStyle(e).opacity !== '0' && !folded(e);
  const all = s => roots.flatMap(top => [...top.querySelectorAll(s)]).filter(shown);
  const tidy = text => (text || '').replace(/\\s+/g, ' ').trim();
  // A sign that stands before the words, as of what opens a part, says nothing.
  const line = e => {
    const lines = ((e && e.innerText) || '').split('\\n').map(tidy).filter(Boolean);
    return lines.find(text => /[\\p{L}\\p{N}]/u.test(text)) || lines[0] || '';
  };
  const plain = text => tidy(text).replace(/^[*\\s]+|[*:\\uff1a\\s]+$/g, '');
  const boxOf = e => {
    const box = e.getBoundingClientRect();
    return [box.left, box.top, box.width, box.height].map(Math.round);
  };
  const inDialog = e => {
    const dialog = e.closest(css.dialog);
    return !!dialog && dialog !== root && !dialog.contains(root);
  };
  const isDropped = e => !!e.closest(css.dropped);
  const whole = root === document.body;
  // A bar along an edge of the window, as with a form's own buttons, is wider than a menu.
  const isInBar = e => {
    let at = e;
    while (at && !/fixed|sticky/.test(getComputedStyle(at).position)) at = at.parentElement;
    const bar = at && at.getBoundingClientRect();
    return !!bar && bar.width > innerWidth / 2 && bar.height < innerHeight / 2;
  };
  const isMenu = e => {
    const others = 'table, [class*="-tab-bar"], [class*="-tabs"], [role="dialog"], ' + css.rows;
    if (isDropped(e) || e.closest(others)) return false;
    const isLeft = whole && e.getBoundingClientRect().right + scrollX < innerWidth * 0.2;
    return !!e.closest(css.menu) || (isLeft && !isInBar(e));
  };
  const place = e => {
    if (inDialog(e)) return 'dialog';
    if (e.closest('[class*="-table-row"], ' + css.rows)) return 'row';
    if (e.closest('thead, [class*="-table-head"]')) return 'head';
    if (e.closest('[class*="-pager"], [class*="-pagination"]')) return 'pager';
    if (whole && isDropped(e)) return 'dropped';
    if (whole && isMenu(e)) return 'menu';
    // What stands in the uppermost strip of the window is the shell's, whatever it is made of.
    const box = e.getBoundingClientRect();
    if (whole && (e.closest('header, [role="banner"]') || (box.top + scrollY < 64 && box.height < 64))) return 'header';
    return 'page';
  };
  const isFilled = e => {
    if (/primary/.test(e.className)) return true;
    const [r, g, b, a = '1'] = (getComputedStyle(e).backgroundColor.match(/[\\d.]+/g) || ['0', '0', '0', '0']);
    const own = [r, g, b].map(Number);
    return Number(a) > 0.5 && (Math.max(...own) - Math.min(...own) > 60 || Math.max(...own) < 90);
  };
  const isOff = e => !!e.disabled || e.getAttribute('aria-disabled') === 'true'
    || /(-disabled|is-disabled)(\\s|$)/.test(e.className);
  const isOn = e => /-checked(\\s|$)|is-checked/.test(e.className)
    || [...e.querySelectorAll('input')].some(x => x.checked);
  const isClosed = x => !!x && x.getBoundingClientRect().height < 2 && x.scrollHeight > 2 && x.childElementCount > 0;
  const folds = e => e.getAttribute('aria-expanded') === 'false' || isClosed(e.nextElementSibling);
  const points = e => /[\u25b6-\u25c0\u203a\u2304]/.test(e.innerText || '')
    || !!e.querySelector('[aria-expanded="false"], [class*="arrow"], [class*="caret"], [class*="chevron"]');
  const found = [];
  const add = (e, facts) => found.push([e, {
    kind: '', text: '', place: place(e), box: boxOf(e), off: isOff(e), options: [], ...facts,
  }]);
  const toggles = all(css.toggle), chips = all(css.chips);
  const triggers = all(css.trigger).filter(e => !chips.some(c => c.contains(e)));
  const typed = all(css.text).filter(e => ![...chips, ...triggers].some(c => c !== e && c.contains(e)));
  const groups = [...new Set(toggles.map(e => e.parentElement.closest(css.group)).filter(Boolean))];
  const loose = toggles.filter(e => !e.parentElement.closest(css.group));
  const solid = [...chips, ...triggers, ...typed, ...all('select'), ...groups];
  const others = [...solid, ...loose];
  const rowOf = e => {
    let row = e;
    for (let at = e.parentElement; at && at !== root && at !== document.body; at = at.parentElement) {
      if (others.some(o => o !== e && !e.contains(o) && at.contains(o))) break;
      if (at.querySelector('button:not([class*="suffix"])')) break;
      row = at;
    }
    return row;
  };
  const before = e => {
    for (let at = e; at && at !== root; at = at.parentElement) {
      for (let prior = at.previousElementSibling; prior; prior = prior.previousElementSibling) {
        if (others.some(o => prior === o || prior.contains(o)) || prior.querySelector('button')) return '';
        const said = line(prior);
        if (said) return said;
      }
    }
    return '';
  };
  const caption = e => {
    const row = rowOf(e), labels = [...row.querySelectorAll(css.label)].filter(shown);
    // What may be chosen above it has a label of its own: the nearest one before it counts.
    const own = labels.filter(each => e.compareDocumentPosition(each) & 2).pop() || labels[0];
    if (own && !own.matches(css.toggle)) return plain(line(own));
    const walk = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const node = walk.currentNode;
      if (e.contains(node) || !node.nodeValue.trim() || !shown(node.parentElement)) continue;
      if (e.compareDocumentPosition(node) & 2) return plain(node.nodeValue);
      break;
    }
    return '';
  };
  for (const e of solid) {
    const input = e.matches('input, textarea, select') ? e : e.querySelector('input, textarea');
    const hint = tidy((input && input.placeholder) || (e.querySelector('[placeholder]') || {}).placeholder
      || (e.querySelector('[class*="placeholder"]') || {}).innerText);
    const widget = chips.includes(e) ? 'chips' : groups.includes(e) ? 'choices' : e.matches('select') ? 'native'
      : !triggers.includes(e) ? 'text' : /-multiple-select/.test(e.className) ? 'multiple'
      : e.closest('[class*="cascader"]') ? 'cascader' : 'select';
    const options = widget === 'native' ? [...e.options].map(o => tidy(o.text))
      : widget === 'choices' ? toggles.filter(t => e.contains(t)).map(line) : [];
    const row = rowOf(e), named = caption(e) || (hint ? '' : plain(before(row)));
    const required = !!row.querySelector('[class*="-label-required"], .is-required, [required], [aria-required="true"]')
      || /is-required/.test(row.className) || /^\\s*\\*|\\*\\s*$/.test(line(row.querySelector(css.label)));
    add(e, {
      kind: 'field', text: named || hint, hint, widget, options, required,
      type: (input && input.type) || '', value: widget === 'choices' ? '' : tidy((input && input.value) || ''),
    });
  }
  for (const e of toggles) {
    const group = e.parentElement.closest(css.group);
    const widget = /-radio/.test(e.className) ? 'radio' : /-switch/.test(e.className) ? 'switch' : 'checkbox';
    add(e, {
      kind: 'choice', text: line(e), hint: tidy(e.innerText), widget, value: isOn(e) ? 'on' : '',
      group: groups.indexOf(group), required: /^\\s*\\*|\\*\\s*$/.test(e.innerText || ''),
    });
  }
  const buttons = all('button, [role="button"], input[type="button"], input[type="submit"], input[type="reset"]');
  const links = all('a[href], a[tabindex], [role="link"]');
  const lastField = [...solid, ...loose].filter(e => place(e) === 'page').pop();
  for (const e of [...buttons, ...links]) {
    if (e.closest(css.toggle)) continue;
    add(e, {
      kind: buttons.includes(e) ? 'button' : 'link', text: tidy(e.getAttribute('aria-label') || e.innerText || e.value),
      opened: e.getAttribute(css.opener) === e.innerText, filled: isFilled(e), folds: folds(e),
      last: !lastField || !!(lastField.compareDocumentPosition(e) & 4),
    });
  }
  const taken = [...buttons, ...links, ...toggles];
  const tabs = all(css.tab);
  const isOpen = IS_OPEN_TAB;
  for (const e of tabs) add(e, {kind: 'tab', text: tidy(e.innerText), value: isOpen(e) ? 'open' : ''});
  for (const e of all(css.entry)) {
    if (e.querySelector(css.entry) || isDropped(e)) continue;
    add(e, {kind: 'entry', text: line(e), place: 'menu'});
  }
  const decks = [];
  // What can be clicked without being a button: a card, an item of a menu that dropped down.
  for (const e of all('*')) {
    if (getComputedStyle(e).cursor !== 'pointer') continue;
    if ([...taken, ...tabs].some(t => t.contains(e) || e.contains(t))) continue;
    const top = e.parentElement && getComputedStyle(e.parentElement).cursor === 'pointer';
    if (top || solid.some(o => o.contains(e) || e.contains(o))) continue;
    const said = line(e);
    if (!said || said.length >= 80 || isMenu(e)) continue;
    if (!decks.includes(e.parentElement)) decks.push(e.parentElement);
    const group = groups.length + decks.indexOf(e.parentElement);
    add(e, {kind: 'card', text: said, hint: tidy(e.innerText).slice(0, 200), group, folds: folds(e) || points(e)});
  }
  // Under a caption that is marked as required and has no control: cards that do not even look as if one could click.
  const isRequired = e => /-label-required|is-required/.test(e.className + ' ' + e.parentElement.className)
    || /^\\s*\\*|\\*\\s*$/.test(e.innerText);
  for (const label of all(css.label).filter(isRequired)) {
    const row = label.parentElement;
    if ([...others, ...taken, ...decks].some(e => row.contains(e))) continue;
    const alike = e => e.children.length > 1 && e !== row && [...e.children].every((x, at, [first]) =>
      line(x) && x.tagName === first.tagName && x.className === first.className);
    const deck = [...row.querySelectorAll('*')].find(e => !label.contains(e) && alike(e));
    if (!deck) continue;
    const group = groups.length + decks.push(deck) - 1;
    for (const e of deck.children)
      add(e, {kind: 'card', text: line(e), hint: tidy(e.innerText).slice(0, 200), group});
  }
  found.sort(([a], [b]) => a === b ? 0 : a.compareDocumentPosition(b) & 4 ? -1 : 1);
  return found.map(([e, facts], n) => {
    e.setAttribute(mark, n);
    return {...facts, n};
  });
}""".replace("FOLDED", evaluate.FOLDED, 1)
    .replace("IS_OPEN_TAB", evaluate.IS_OPEN_TAB, 1)
    .replace("SHOWN", evaluate.SHOWN, 1)
)
