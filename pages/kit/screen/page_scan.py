"""One look over the whole page: a captcha, something secret being asked, something in the way.

It runs before every click and at every turn of a wait, so it is one message to the browser and searches no
accessible names. Of a button it only says "maybe": whether it is one is then told by its role and exact word.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bcflow.pages.kit import css
from bcflow.pages.kit.screen import evaluate

if TYPE_CHECKING:
    from bcflow.pages.kit.screen.site import Site

CODE_FIELD = "enter verification code"
CODE_BUTTONS = ("send code", "resend code")
DISMISSING = ("not now", "got it", "decline optional cookies")


@dataclass(frozen=True)
class PageScan:
    """What shows now. `consent` and `in_the_way` are a "maybe": no other is missed, but one may be none."""

    captcha: bool
    code: bool
    consent: bool
    in_the_way: bool
    data: bool
    """Whether rows or account cards with ids or e-mails show: what the site shows to a session only."""
    secret: bool
    """Whether a field shows that is for a password or a code."""


def scan(site: Site) -> PageScan:
    """Look over the page as it is now."""
    words = site.words
    seen = site.page.evaluate(
        _SCAN,
        {
            "captcha": css.CAPTCHA,
            "code": f"{css.CODE_BOX}, {css.CODE_INPUT}",
            "marked": css.DISMISS,
            "dismissing": [word for concept in DISMISSING for word in words.of(concept)],
            "consent": list(words.of("authorize")),
            "data": css.DATA,
            "secret": css.SECRET_FIELD,
            "mark": css.CODE_MARK,
            "codeWords": list(words.of(CODE_FIELD)),
            "sendWords": [word for concept in CODE_BUTTONS for word in words.of(concept)],
            "login": site.signed_out(),
            "sending": site.is_kept_still,
            "own": (site.session.own_email or "").casefold(),
            "dialog": css.DIALOG,
            "chips": css.CHIPS,
        },
    )
    return PageScan(
        captcha=seen["captcha"],
        code=seen["code"],
        consent=seen["consent"],
        in_the_way=seen["inTheWay"],
        data=seen["data"],
        secret=seen["secret"],
    )


# Words are compared without marks and case, and as parts: "İptal" and "iptal (2)" are both found by "İPTAL".
# Open shadow roots are looked into, as Playwright's own selectors do.
_SCAN = """given => {
  const plain = text => (text || '').normalize('NFKD').replace(/\\p{M}/gu, '').toLowerCase()
    .replace(/\\u0131/g, 'i').replace(/ß/g, 'ss').replace(/\\s+/g, ' ').trim();
  const shown = SHOWN;
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
  // A field for a code is known by its own marks, by its words, or as the one wide enough for just a code.
  const bare = text => plain(text).replace(/[\\s*:.\u2026\uff1a]+$/, '');
  const fields = all('input, textarea').filter(e => shown(e) && !/^(checkbox|radio|button|submit|reset)$/.test(e.type));
  const caption = e => {
    for (let at = e.parentElement, up = 0; at && up < 4; at = at.parentElement, up++) {
      if (fields.some(other => other !== e && at.contains(other))) return '';
      const said = (at.innerText || '').trim();
      if (said) return bare(said.split('\\n')[0]);
    }
    return '';
  };
  const codeWords = given.codeWords.map(bare), sendWords = given.sendWords.map(bare);
  const wide = fields.filter(e => e.maxLength === 6);
  const sends = visible.some(e => sendWords.includes(bare(e.innerText)));
  const onlyWide = wide.length === 1 && (sends || (given.login && fields.length === 1));
  // While a write is sent: the one empty field of a dialog that names the login's own address, masked perhaps.
  const isOwn = text => text.toLowerCase() === given.own
    || (text[0].toLowerCase() === given.own[0] && /[*•…]/.test(text));
  const sentTo = e => {
    const dialog = given.sending && given.own && !e.value && !e.closest(given.chips) && e.closest(given.dialog);
    if (!dialog || fields.some(other => other !== e && dialog.contains(other))) return false;
    return ((dialog.innerText || '').match(/[^\\s@<>()]+@[^\\s@<>(),;]+/g) || []).some(isOwn);
  };
  const isCode = e => sentTo(e) || e.matches(given.code) || (onlyWide && e === wide[0])
    || [e.placeholder, e.getAttribute('aria-label')].some(said => said && codeWords.includes(bare(said)))
    || codeWords.includes(caption(e));
  const codes = fields.filter(isCode);
  for (const e of codes) if (e.maxLength !== 1 && !e.hasAttribute(given.mark)) e.setAttribute(given.mark, '');
  return {
    captcha: shows(given.captcha),
    code: codes.length > 0,
    secret: codes.length > 0 || shows(given.secret),
    consent: visible.some(says(given.consent)),
    inTheWay: shows(given.marked) || visible.some(says(given.dismissing)),
    data: all(given.data).some(e => shown(e) && /[67]\\d{18}|\\S+@\\S+\\.\\S+/.test(e.innerText || '')),
  };
}""".replace("SHOWN", evaluate.SHOWN)
