// Changes a screen in the browser, whatever draws it, and changes it again whenever it was drawn anew.
(() => {
  'use strict';
  const OPS = window.__MUTATIONS__ || [];
  const DONE = 'data-mutated';
  const PLACE = 'data-mutated-place';
  const HIDDEN = 'data-mutated-away';
  const plain = (text) => (text || '').replace(/\s+/g, ' ').replace(/^[\s*]+|[\s*]+$/g, '');
  const isShown = (e) => e.getClientRects().length > 0;
  const BUTTONS = 'button, [role="button"], a';
  const HEADINGS = 'thead th, [class*="-table-cell-head"], [class*="table-header"] [class*="cell"]';
  const OPTIONS = '[class*="option"], [class*="dropdown-item"], li';
  const FIELD = 'input, textarea, [class*="-select"], [class*="-radio"], [class*="cascader"]';

  // The innermost elements that say exactly this.
  const saying = (text, within = '*') => {
    const all = [...document.body.querySelectorAll(within)].filter((e) => isShown(e) && plain(e.innerText) === text);
    return all.filter((e) => !all.some((other) => other !== e && e.contains(other)));
  };
  const outermost = (text, within) => {
    const all = [...document.body.querySelectorAll(within)].filter((e) => isShown(e) && plain(e.innerText) === text);
    return all.filter((e) => !all.some((other) => other !== e && other.contains(e)));
  };
  // The row of a form that a caption stands in: the smallest that has a control, too.
  const rowOf = (caption) => {
    let row = caption;
    while (row && row !== document.body && !row.querySelector(FIELD)) row = row.parentElement;
    return row === document.body ? null : row;
  };
  const TARGETS = {
    button: (text) => outermost(text, BUTTONS),
    column: (text) => saying(text, HEADINGS),
    option: (text) => outermost(text, OPTIONS),
    tab: (text) => outermost(text, '[role="tab"], [class*="tab"]:not([class*="table"])'),
    field: (text) => saying(text, 'label, span, div, p').map(rowOf).filter(Boolean),
    choice: (text) => outermost(text, 'label, [class*="-radio"], [class*="-checkbox"]'),
    text: (text) => saying(text),
  };

  // Rows that come later are cut like the head was before it was changed.
  const place = (heading) => {
    const at = [...heading.parentElement.children].indexOf(heading);
    if (!heading.hasAttribute(PLACE)) heading.setAttribute(PLACE, at);
    return Number(heading.getAttribute(PLACE));
  };
  const rowsOf = (heading) => {
    // Head and body may be tables of their own: the outermost element that calls itself one has both.
    let table = heading;
    for (let e = heading; e && e !== document.body; e = e.parentElement)
      if (e.tagName === 'TABLE' || /-table/.test(e.className)) table = e;
    return [...table.querySelectorAll('tr, [class*="table-row"]')];
  };
  const cells = (heading) => rowsOf(heading).map((row) => row.children[place(heading)]).filter(Boolean);
  const toTheLeft = (cell) => {
    const [left, right] = [cell.previousElementSibling, cell.nextElementSibling];
    if (left) left.before(cell);
    else if (right) right.after(cell);
  };
  const hide = (e) => e.setAttribute(HIDDEN, '');
  const copyOf = (e, text) => {
    const copy = e.cloneNode(true);
    copy.removeAttribute('id');
    copy.setAttribute(DONE, 'copy');
    if (text) {
      const leaves = [copy, ...copy.querySelectorAll('*')].filter((each) => !each.children.length && plain(each.textContent));
      leaves.forEach((leaf, at) => { leaf.textContent = at ? '' : text; });
    }
    return copy;
  };
  const once = (e, change) => {
    if (e.getAttribute(DONE)) return;
    e.setAttribute(DONE, 'yes');
    change(e);
  };
  const asField = (row, text) => {
    const copy = row.cloneNode(true);
    copy.setAttribute(DONE, 'copy');
    const caption = [...copy.querySelectorAll('*')].find((e) => !e.children.length && plain(e.textContent));
    if (caption) caption.textContent = text;
    copy.querySelectorAll('input, textarea').forEach((input) => { input.value = ''; input.removeAttribute('placeholder'); });
    return copy;
  };
  const CHANGES = {
    remove: (e) => hide(e),
    disable: (e) => { e.disabled = true; e.setAttribute('aria-disabled', 'true'); },
    double: (e) => once(e, () => e.after(copyOf(e))),
    move: (e) => once(e, () => { if (e.previousElementSibling) e.previousElementSibling.before(e); }),
    beside: (e, op) => once(e, () => e.before(copyOf(e, op.text))),
    field: (e, op) => once(e, () => e.after(asField(e, op.text))),
    column: (e) => cells(e).forEach(hide),
    swap: (e) => {
      const at = place(e);
      rowsOf(e).forEach((row) => once(row, () => row.children[at] && toTheLeft(row.children[at])));
    },
    heading: (e, op) => once(e, () => {
      const heading = document.createElement('h2');
      heading.textContent = op.text;
      e.before(heading);
    }),
  };

  const apply = () => {
    for (const op of OPS) {
      if (op.path && !location.pathname.startsWith(op.path)) continue;
      const found = op.css ? [...document.querySelectorAll(op.css)] : TARGETS[op.target](op.says);
      found.filter((e) => e.getAttribute(DONE) !== 'copy').forEach((e) => CHANGES[op.change](e, op));
    }
  };
  const start = () => {
    const style = document.createElement('style');
    style.textContent = `[${HIDDEN}] { display: none !important; }`;
    document.head.append(style);
    const watch = new MutationObserver(() => {
      watch.disconnect();
      apply();
      watch.observe(document.documentElement, { childList: true, subtree: true, attributes: true, characterData: true });
    });
    watch.observe(document.documentElement, { childList: true, subtree: true });
    apply();
  };
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start);
  else start();
})();
