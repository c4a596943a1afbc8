// The code step of the login page: six boxes, one wide field, or the older widget.
(() => {
  'use strict';
  const { el, t, axis } = ADS;
  const { frame, error, showError, next, old, wanted } = ADS.login;

  const check = async (code) => {
    error.replaceChildren();
    const answer = await ADS.post('/passport/web/code/check/', { code, redirect: wanted });
    if (answer.code === 1201) { window.location.reload(); return; }
    next(answer, {});
  };
  const resend = async () => {
    error.replaceChildren();
    const answer = await ADS.post('/passport/web/code/send/');
    if (answer.code !== 0) showError(answer.msg);
  };

  // Six boxes; typing moves on, a pasted code fills all, the sixth character sends.
  const sixBoxes = () => {
    const boxes = Array.from({ length: 6 }, () => el('input', { type: 'text', maxlength: '1', class: 'code-box' }));
    const whole = () => boxes.map((box) => box.value).join('');
    const done = async () => {
      if (whole().length < 6) return;
      await check(whole());
      for (const box of boxes) box.value = '';
      boxes[0].focus();
    };
    boxes.forEach((box, place) => {
      box.oninput = () => { if (box.value && place < 5) boxes[place + 1].focus(); done(); };
      box.onkeydown = (event) => { if (event.key === 'Backspace' && !box.value && place > 0) boxes[place - 1].focus(); };
      box.onpaste = (event) => {
        event.preventDefault();
        const text = event.clipboardData.getData('text').trim().slice(0, 6);
        [...text].forEach((letter, n) => { boxes[n].value = letter; });
        done();
      };
    });
    return el('div', { class: 'code-boxes' }, ...boxes);
  };

  const single = () => {
    const input = el('input', { type: 'text', class: 'ac-sendcode-input__input', placeholder: t('login.code_placeholder'), maxlength: '6' });
    input.oninput = () => { if (input.value.length === 6) check(input.value); };
    const widget = el('div', { id: 'ac-sendcode-separate-input', class: 'ac-sendcode-input', tabindex: '0' }, input);
    widget.onfocus = () => input.focus();
    return widget;
  };

  const olderWidget = () => {
    const id = (name) => `TikTok_Ads_SSO_Login_Code_${name}`;
    const input = el('input', { type: 'text', name: 'code', id: id('Input'), placeholder: t('login.code_placeholder') });
    return el('div', { id: id('Content'), class: 'tiktokads-common-login-code-form' },
      el('div', { id: id('FormItem'), class: 'tiktokads-common-login-code-form-item' }, input),
      el('button', { type: 'button', name: 'CodeloginBtn', id: id('Btn'), onclick: () => check(input.value) }, t('login.code_submit')));
  };

  ADS.codeStep = (source, email) => {
    const to = source === 'text' ? '+1 *** *** **12' : email;
    const heading = source === 'authenticator' ? t('login.code_authenticator') : t('login.code_heading', { to });
    const again = el('button', {
      type: 'button', class: 'ac-sendcode-input__btn plain', onclick: resend,
      id: old ? 'TikTok_Ads_SSO_Login_Code_Resend_Email_Btn' : undefined,
    }, t('login.resend'));
    const widget = old ? olderWidget() : (axis('login_code') === 'single' ? single() : sixBoxes());
    frame(el('h3', null, heading), widget, error, source === 'authenticator' ? null : again);
  };
})();
