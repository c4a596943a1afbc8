"""Frames round the controls that a picture is about, numbered where they are asked about; gone before anything else."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcflow.models.unknown import UnknownWords
    from bcflow.pages.kit.screen.site import Site

MARK = "data-bcflow-outline"


@contextmanager
def outlined(site: Site, unknown: UnknownWords) -> Iterator[None]:
    """Frame and number every candidate that stands in the window, as long as the block runs.

    The frames lie over the page and take no click; they are not part of what a look reads.
    """
    boxes = {one.n: one.box for word in unknown.words for one in word.candidates if one.box is not None}
    site.page.evaluate(_DRAW, [MARK, list(boxes.items())])
    try:
        yield
    finally:
        site.page.evaluate(REMOVE, MARK)


FRAME = """(mark, n, [left, top, width, height]) => {
  const frame = document.createElement('div');
  frame.setAttribute(mark, '');
  Object.assign(frame.style, {
    position: 'fixed', left: `${left - 3}px`, top: `${top - 3}px`, width: `${width + 6}px`,
    height: `${height + 6}px`, border: '3px solid #d6006c', borderRadius: '4px', boxSizing: 'border-box',
    pointerEvents: 'none', zIndex: '2147483647',
  });
  if (n) {
    const number = document.createElement('div');
    number.textContent = n;
    Object.assign(number.style, {
      position: 'absolute', right: '-3px', top: '-22px', minWidth: '20px', padding: '0 5px', textAlign: 'center',
      font: 'bold 14px/20px sans-serif', color: '#fff', background: '#d6006c', borderRadius: '4px',
    });
    frame.append(number);
  }
  document.body.append(frame);
}"""
"""Draws one frame, with a number unless it is 0. JavaScript."""
REMOVE = "mark => { for (const frame of document.querySelectorAll(`[${mark}]`)) frame.remove(); }"
_DRAW = f"([mark, boxes]) => {{ for (const [n, box] of boxes) ({FRAME})(mark, n, box); }}"
