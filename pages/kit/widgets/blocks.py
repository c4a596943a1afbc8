"""Blocks that are no list: what the one that names something says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcflow.pages.kit import css

if TYPE_CHECKING:
    from playwright.sync_api import Locator


def about(root: Locator, text: str) -> list[str]:
    """Return the lines of the widest visible block that is about the id `text` alone; none where nothing names it."""
    found: list[list[str]] = root.get_by_text(text).filter(visible=True).evaluate_all(_BLOCKS, css.TAB)
    return [line for line in (found[0] if found else []) if line]


_BLOCKS = """(all, tab) => all.map(e => {
  const ids = at => new Set((at.innerText || '').match(/(?<!\\d)[67]\\d{18}(?!\\d)/g) || []);
  let block = e;
  const isOne = at => at && ids(at).size <= 1 && !at.querySelector(tab + ', nav');
  for (let at = e.parentElement; isOne(at); at = at.parentElement) block = at;
  return (block.innerText || '').split('\\n').map(line => line.trim());
})"""
