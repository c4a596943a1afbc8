// The login page: credentials, captcha, code step, consent. Two generations of the widget (axis login_form).
(() => {
  'use strict';
  const { el, t, axis } = ADS;
  const old = axis('login_form') === 'old';
  const wanted = ADS.params().redirect || '';
  window.localStorage.setItem('selected_lang', axis('language'));

  const frame = (...nodes) => ADS.show(el('div', { class: 'login-page' }, el('div', { class: 'login-card' }, ...nodes)));
  const error = el('div', { class: 'login-error-tip' });
  const showError = (text) => {
    if (old) { error.replaceChildren(el('span', { class: 'error-msg' }, text)); return; }
    error.replaceChildren(el('div', { class: 'content-wrapper' }, el('div', null, text)));
  };

  const next = (answer, credentials) => {
    if (answer.code !== 0) { showError(answer.msg); return; }
    const steps = {
      done: () => window.location.assign(answer.data.redirect),
      captcha: () => window.showCaptcha(() => send(credentials)),
      code: () => ADS.codeStep(answer.data.source, credentials.email),
      consent: () => consent(() => send({ ...credentials, consent: true })),
    };
    steps[answer.data.next]();
  };
  const send = async (credentials) => {
    error.replaceChildren();
    next(await ADS.post('/passport/web/email/login/', { ...credentials, redirect: wanted }), credentials);
  };

  const consent = (yes) => frame(
    el('h2', null, t('consent.heading')), el('p', null, t('consent.text')),
    el('button', { type: 'button', class: 'consent-authorize', onclick: yes }, t('consent.yes')),
    el('button', { type: 'button', class: 'plain', onclick: () => credentialsStep() }, t('consent.no')));
  const withTikTok = () => consent(async () => {
    next(await ADS.post('/passport/web/tiktok/authorize/', { redirect: wanted }), {});
  });

  const newForm = () => {
    const email = el('input', { type: 'text', name: 'email', placeholder: t('login.email'), autocomplete: 'username' });
    const password = el('input', { type: 'password', name: 'password', placeholder: t('login.password'), autocomplete: 'current-password' });
    return el('form', {
      novalidate: true,
      onsubmit: (event) => { event.preventDefault(); send({ email: email.value, password: password.value }); },
    }, email, password, error, el('button', { type: 'submit', class: 'login-btn' }, t('login.submit')));
  };

  const oldForm = () => {
    const id = (name) => `TikTok_Ads_SSO_Login_${name}`;
    const email = el('input', { type: 'text', id: id('Email_Input'), placeholder: t('login.email') });
    const password = el('input', { type: 'password', id: id('Pwd_Input'), placeholder: t('login.password') });
    const phone = el('input', { type: 'text', placeholder: t('login.phone') });
    const body = el('div', null, phone);
    const phoneTab = el('span', { class: 'panel-item selected', id: id('Phone_Panel_Button') }, t('login.tab_phone'));
    const emailTab = el('span', { class: 'panel-item', id: id('Email_Panel_Button') }, t('login.tab_email'));
    const submit = el('button', {
      type: 'button', id: id('Btn'), onclick: () => send({ email: email.value, password: password.value }),
    }, t('login.submit'));
    const choose = (tab, ...nodes) => {
      for (const each of [phoneTab, emailTab]) each.classList.toggle('selected', each === tab);
      body.replaceChildren(...nodes);
    };
    phoneTab.onclick = () => choose(phoneTab, phone);
    emailTab.onclick = () => choose(emailTab, email, password);
    return el('div', null, el('div', { class: 'panel' }, phoneTab, emailTab), body, error, submit);
  };

  const credentialsStep = () => frame(
    el('h2', null, t('login.heading')),
    old ? oldForm() : newForm(),
    el('button', { type: 'button', class: 'plain', onclick: withTikTok }, t('login.tiktok')),
    el('a', { href: `/i18n/signup/?_source_=ads_bc&redirect=${encodeURIComponent(wanted)}` }, t('login.sign_up')));

  ADS.login = { frame, error, showError, next, old, wanted };
  if (ADS.start.blank) { ADS.show(); return; }
  credentialsStep();
})();
