"""Scripts that tests put into pages of the stand-in: whether one is at rest, and what can be pressed on it."""

import json

PRESSABLE = (
    "button:enabled, a[href='#'], [class*='-link'], [class*='-select-input'][data-rc-id],"
    " .si-text-action, .si-close, [class*='-dropdown-menu-item-container'], [class*='-claps-item-title'],"
    " [class*='-tab-bar-item-label'], [class*='-cascader-item-label'], [class~='text-14'], .vi-select"
)
OPTIONS = "[data-type=select-option], .vi-select-dropdown__item"
WATCHED = """
const shown = (it) => it.checkVisibility({ visibilityProperty: true });
const solid = (it) => it.checkVisibility({ visibilityProperty: true, opacityProperty: true });
window.pending = 0;
const plainFetch = window.fetch;
window.fetch = async (...given) => {
  window.pending += 1;
  const over = () => { window.pending -= 1; };
  try { return await plainFetch(...given); } finally { window.setTimeout(over, 30); }
};
const idle = () => window.pending === 0 && document.readyState === 'complete'
  && document.querySelector('#root *') && !document.querySelector('.si-blank')
  && ![...document.querySelectorAll('[class*="-loading-mask"]')].some(solid);
// A screen that was just drawn has not asked for its data yet: it must have been idle for a while.
let idleSince = null;
window.stir = () => { idleSince = null; };
window.loaded = () => {
  if (!idle()) idleSince = null;
  else idleSince = idleSince || performance.now();
  return idleSince !== null && performance.now() - idleSince > 150;
};
// What a person can press, by its text, and the first option of an open list.
window.buttonsByText = () => {
  const found = new Map();
  const option = [...document.querySelectorAll(OPTIONS)].find(shown);
  const pressable = [...document.querySelectorAll(PRESSABLE), option].filter(Boolean);
  for (const button of pressable) {
    const menu = button.closest('[class*="-menu"]');
    if (!shown(button) || (menu && !menu.className.includes('-dropdown-'))) continue;
    const input = button.querySelector('input');
    const inside = input && (input.value || input.placeholder);
    const text = button.innerText.trim() || inside || button.className;
    if (!found.has(text)) found.set(text, button);
  }
  return found;
};
// Answers every question that has a set of circles or boxes, none of which is chosen.
window.chooseFirst = () => {
  for (const group of document.querySelectorAll('[class*="-radio-group"]')) {
    const label = group.querySelector('label');
    if (label && shown(label) && !group.querySelector('[class*="-radio-checked"]')) label.click();
  }
  const boxes = [...document.querySelectorAll('label[class*="-checkbox"]')].filter(shown);
  if (boxes.length && !boxes.some((box) => box.querySelector('input').checked)) boxes[0].click();
};
""".replace("PRESSABLE", json.dumps(PRESSABLE)).replace("OPTIONS", json.dumps(OPTIONS))
LOADED = "window.loaded && window.loaded()"
