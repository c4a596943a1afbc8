"""One look over the whole page: a captcha, something secret being asked, something in the way.

It runs before every click and at every turn of a wait, so it is one message to the browser and searches no
accessible names. Of a button it only says "maybe": whether it is one is then told by its role and exact word.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bcflow.pages.kit import css

if TYPE_CHECKING:
    from bcflow.pages.kit.site import Site

DISMISSING = ("not now", "got it", "decline optional cookies")


@dataclass(frozen=True)
class Glance:
    """What shows now. `consent` and `in_the_way` are a "maybe": no other is missed, but one may be none."""

    captcha: bool
    code: bool
    consent: bool
    in_the_way: bool
    data: bool
    """Whether rows or account cards with ids or e-mails show: what the site shows to a session only."""


def over(site: Site) -> Glance:
    """Look over the page as it is now."""
    words = site.words
    seen = site.page.evaluate(
        _GLANCE,
        {
            "captcha": css.CAPTCHA,
            "code": f"{css.CODE_BOX}, {css.CODE_INPUT}",
            "marked": css.DISMISS,
            "dismissing": [word for concept in DISMISSING for word in words.of(concept)],
            "consent": list(words.of("authorize")),
            "data": css.DATA,
        },
    )
    return Glance(seen["captcha"], seen["code"], seen["consent"], seen["inTheWay"], seen["data"])


# Words are compared without marks and case, and as parts: "İptal" and "iptal (2)" are both found by "İPTAL".
# Open shadow roots are looked into, as Playwright's own selectors do.
_GLANCE = """given => {
  const plain = text => (text || '').normalize('NFKD').replace(/\\p{M}/gu, '').toLowerCase()
    .replace(/\\u0131/g, 'i').replace(/ß/g, 'ss').replace(/\\s+/g, ' ').trim();
  const shown = e => e.getClientRects().length > 0 && getComputedStyle(e).visibility !== 'hidden';
  const roots = [document];
  for (let at = 0; at < roots.length; at++)
    for (const e of roots[at].querySelectorAll('*')) if (e.shadowRoot) roots.push(e.shadowRoot);
  const all = selector => roots.flatMap(root => [...root.querySelectorAll(selector)]);
  const shows = selector => all(selector).some(shown);
  const says = words => {
    const wanted = words.map(plain);
    return e => {
      const said = ['aria-label', 'title', 'value'].map(name => e.getAttribute(name));
      const named = (e.getAttribute('aria-labelledby') || '').split(/\\s+/).filter(Boolean)
        .map(id => (e.getRootNode().getElementById(id) || {}).textContent);
      const text = plain([e.textContent, ...said, ...named].join(' '));
      return wanted.some(word => text.includes(word));
    };
  };
  const buttons = all('button, [role="button"], input[type="button"], input[type="submit"], input[type="reset"]');
  const visible = buttons.filter(shown);
  return {
    captcha: shows(given.captcha),
    code: shows(given.code),
    consent: visible.some(says(given.consent)),
    inTheWay: shows(given.marked) || visible.some(says(given.dismissing)),
    data: all(given.data).some(e => shown(e) && /[67]\\d{18}|\\S+@\\S+\\.\\S+/.test(e.innerText || '')),
  };
}"""
