// What lies over a page: captcha, survey, tips, announcement, cookie banner. Plain DOM; both sites load it.
(() => {
  'use strict';
  const start = window.__BOOT__;
  const word = (key) => start.words[key];
  const element = (html) => {
    const holder = document.createElement('div');
    holder.innerHTML = html;
    return holder.firstElementChild;
  };

  const solveButton = () => {
    const made = element(`<button type="button" class="TUXButton TUXButton--primary">${word('captcha.solve')}</button>`);
    made.onclick = () => fetch('/captcha/verify', { method: 'POST', body: '{}' });
    return made;
  };

  // Shows until a person solved it (the control API says so, or with `captcha=page` its button), then calls done.
  window.showCaptcha = (done) => {
    const box = element(`<div class="TUXModal" style="position:fixed;z-index:3000;inset:0;background:#0006"><div class="captcha-verify-container" style="position:absolute;left:50%;top:20%;margin-left:-180px;width:360px;padding:20px;background:#fff">
      <div>${word('captcha.title')}</div><div id="captcha-verify-image" style="height:160px;margin:12px 0;background:#dfe6e9"></div>
      <div class="secsdk-captcha-drag-wrapper" style="height:40px;background:#eee"><div style="width:60px;height:40px;background:#bbb"></div></div></div></div>`);
    if (start.solvable) box.querySelector('.captcha-verify-container').append(solveButton());
    document.body.append(box);
    const look = async () => {
      const answer = await (await fetch('/passport/web/captcha/state/')).json();
      if (!answer.data.solved) { window.setTimeout(look, 150); return; }
      box.remove();
      done();
    };
    look();
  };
  let puzzled = false;
  window.addEventListener('bc:captcha', () => {
    if (puzzled) return;
    puzzled = true;
    window.showCaptcha(() => { puzzled = false; });
  });

  const survey = (how) => {
    if (how === 'redirect') { window.location.assign(`${start.bc}/survey?source=feelgood`); return; }
    const scores = [1, 2, 3, 4, 5].map((n) => `<span style="padding:8px 14px;border:1px solid #ccc;margin-right:6px">${n}</span>`).join('');
    const box = element(`<div class="feelgood-survey" style="position:fixed;inset:0;background:#0006;z-index:2500"><div style="position:absolute;left:50%;top:30%;margin-left:-220px;width:440px;background:#fff;padding:24px">
      <span class="feelgood-survey-close" style="float:right;cursor:pointer;padding:4px 8px">\u00d7</span><p>${word('survey.question')}</p>${scores}</div></div>`);
    box.querySelector('.feelgood-survey-close').onclick = () => box.remove();
    document.body.append(box);
  };

  const tips = () => {
    const box = element(`<div class="vi-popover" style="position:fixed;inset:0;z-index:2400;background:#0003"><div style="position:absolute;left:240px;top:120px;width:280px;background:#fff;padding:16px">
      <p>${word('tips.text')}</p><button type="button" class="vi-button vi-byted-button footer-btn vi-button--default"><span>${word('tips.ok')}</span></button></div></div>`);
    box.querySelector('button').onclick = () => box.remove();
    document.body.append(box);
  };

  const shadowed = (name, html) => {
    if (window.customElements.get(name)) return;
    window.customElements.define(name, class extends HTMLElement {
      constructor() { super(); this.attachShadow({ mode: 'open' }).innerHTML = html; }
    });
  };
  const announcement = () => {
    shadowed('byted-wc-button', '<button type="button" style="padding:8px 20px"><slot></slot></button>');
    shadowed('byted-wc-modal', `<div style="position:fixed;inset:0;z-index:2600;background:#0006"><div style="position:absolute;left:50%;top:25%;margin-left:-200px;width:400px;background:#fff;padding:24px">
      <slot></slot><byted-wc-button>${word('announcement.ok')}</byted-wc-button></div></div>`);
    const box = document.createElement('byted-wc-modal');
    box.append(element(`<p>${word('announcement.text')}</p>`));
    box.shadowRoot.querySelector('byted-wc-button').onclick = () => box.remove();
    document.body.append(box);
  };

  const cookies = () => {
    if (window.localStorage.getItem('cookie-consent')) return;
    shadowed('tiktok-cookie-banner', `<div style="position:fixed;left:0;right:0;bottom:0;z-index:2700;background:#fff;box-shadow:0 -2px 12px #0003;padding:24px;display:flex;gap:16px">
      <div style="flex:1">${word('cookies.text')}</div><button type="button">${word('cookies.decline')}</button><button type="button">${word('cookies.accept')}</button></div>`);
    const box = document.createElement('tiktok-cookie-banner');
    for (const choice of box.shadowRoot.querySelectorAll('button')) {
      choice.onclick = () => { window.localStorage.setItem('cookie-consent', 'chosen'); box.remove(); };
    }
    document.body.append(box);
  };

  // A value is HOW or HOW@SECONDS: how long after the page started it appears.
  const all = { survey, tips, announcement, cookie_banner: cookies };
  for (const [name, value] of Object.entries(start.interruptions || {})) {
    if (value === null) continue;
    const [how, seconds] = value.split('@');
    window.setTimeout(() => all[name](how), Number(seconds || 0) * 1000);
  }
})();
