"""Which language the page speaks: what it keeps about it, and a vote of the words it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.pages.labels import Words, decide_language, unknown_language, words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playwright.sync_api import Page

    from bcflow.pages.labels.learnt import Learnt


def spoken_on(page: Page, learnt: Learnt) -> Words:
    """Return the words of the language `page` speaks, and what was `learnt` on its site."""
    stored: Mapping[str, str] = page.evaluate(_STORED_LANGUAGE)
    visible: list[str] = page.evaluate(_SHORT_TEXTS)
    return words(decide_language(stored, visible), learnt, unknown_language(stored, visible))


_STORED_LANGUAGE = """() => {
  const keys = ['selected_lang', '__Garfish__react__business_suite_lang'];
  const found = {'html lang': document.documentElement.lang || ''};
  for (const key of keys) { try { found[key] = localStorage.getItem(key) || ''; } catch (e) { found[key] = ''; } }
  const cookie = document.cookie.split('; ').find(c => c.startsWith('lang_type='));
  found['lang_type'] = cookie ? cookie.split('=')[1] : '';
  return found;
}"""
_SHORT_TEXTS = """() => {
  const found = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode() && found.size < 400) {
    const text = walk.currentNode.nodeValue.trim();
    const at = walk.currentNode.parentElement;
    if (text && text.length < 80 && at && at.getClientRects().length) found.add(text);
  }
  for (const e of document.querySelectorAll('[placeholder]')) found.add(e.placeholder);
  return [...found];
}"""
