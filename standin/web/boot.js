// What every screen of the Business Center shell uses: window.BC.
(() => {
  'use strict';
  const start = window.__BOOT__;
  const R = window.React;
  const screens = new Map();
  const BC = {
    R,
    h: R.createElement,
    K: window.OKeeReact,
    use: {
      state: R.useState, effect: R.useEffect, memo: R.useMemo, ref: R.useRef, callback: R.useCallback,
      useState: R.useState, useEffect: R.useEffect, useMemo: R.useMemo, useRef: R.useRef, useCallback: R.useCallback,
    },
    urls: { bc: start.bc, ads: start.ads },
    prefix: start.prefix,
    start,
    screens,
    org: '',
    me: null,
    organization: null,
  };
  window.BC = BC;

  // --- switches and words ---
  BC.axis = (name) => {
    if (!(name in start.axes)) throw new Error(`no axis ${name}`);
    return start.axes[name];
  };
  BC.edition = start.axes.edition;
  BC.t = (key, values) => {
    if (!(key in start.words)) throw new Error(`no word ${key}`);
    return start.words[key].replace(/\$\{(\w+)\}/g, (_, name) => String((values || {})[name]));
  };
  BC.hasWord = (key) => key in start.words;

  // --- where the screens are ---
  BC.paths = {
    overview: '/manage/overview',
    members: '/manage/users/members',
    partners: BC.axis('partners_route') === 'other' ? '/manage/partnership/overview' : '/manage/users/partners',
    accounts: '/manage/accounts/adv',
    tiktokAccounts: '/manage/accounts/tiktok-accounts',
    settings: '/manage/business-settings',
  };
  BC.screen = (path, component, options) => { screens.set(path, { component, title: '', bare: false, ...options }); };
  BC.params = () => Object.fromEntries(new URLSearchParams(window.location.search));
  BC.go = (path, params) => {
    const query = new URLSearchParams({ org_id: BC.params().org_id || BC.org, ...params });
    window.history.pushState(null, '', `${path}?${query}`);
    window.dispatchEvent(new Event('bc:move'));
  };
  window.addEventListener('popstate', () => window.dispatchEvent(new Event('bc:move')));
  BC.useLocation = () => {
    const read = () => ({ path: window.location.pathname, params: BC.params() });
    const [place, setPlace] = R.useState(read);
    R.useEffect(() => {
      const moved = () => setPlace(read());
      window.addEventListener('bc:move', moved);
      return () => window.removeEventListener('bc:move', moved);
    }, []);
    return place;
  };

  // --- the site's own API ---
  class Failure extends Error {
    // how: 'refused' (the site said no), 'broken' (HTTP error, no answer) or 'silent' (nothing is to be seen)
    constructor(how, message, code) {
      super(message);
      this.how = how;
      this.code = code;
    }
  }
  BC.Failure = Failure;
  const cookie = (name) => (document.cookie.match(new RegExp(`(?:^|; )${name}=([^;]*)`)) || [])[1] || '';
  let leaving = false;
  BC.signedOut = () => {
    if (leaving) return;
    leaving = true;
    const back = encodeURIComponent(window.location.href);
    window.setTimeout(() => { window.location.assign(`${start.ads}/i18n/login?redirect=${back}`); }, Number(BC.axis('late_redirect')) * 1000);
  };
  const address = (path, params) => {
    const query = new URLSearchParams({ org_id: BC.org || BC.params().org_id || '', attr_type: 'web', ...params });
    return `${path}?${query}`;
  };
  // Ids have more digits than a number of JavaScript holds, and may come as numbers; so may roles.
  const ROLE_NAMES = [null, 'admin', 'standard', 'operator', 'analyst'];
  const quoted = (text) => text.replace(/"(?:[^"\\]|\\.)*"|\d{16,}/g, (part) => (part.startsWith('"') ? part : `"${part}"`));
  const named = (key, value) => (['role', 'level'].includes(key) && typeof value === 'number' ? ROLE_NAMES[value] : value);
  const read = (text) => JSON.parse(quoted(text), named);
  const call = async (path, options) => {
    let response;
    try {
      response = await fetch(path, options);
    } catch (error) {
      throw new Failure('broken', String(error));
    }
    if (response.status === 401) {
      BC.signedOut();
      throw new Failure('silent', 'signed out', 401);
    }
    if (!response.ok) throw new Failure('broken', `HTTP ${response.status}`, response.status);
    let answer;
    try {
      answer = read(await response.text());
    } catch (error) {
      throw new Failure('broken', String(error));
    }
    const code = Number(answer.code ?? answer.error_code);
    if (Number.isNaN(code)) throw new Failure('silent', 'no code');
    const puzzle = [40110, 1107].includes(code);
    if (puzzle && start.solvable) {
      // The site's own kit sends the same request again once the person has solved it.
      await new Promise((done) => { window.showCaptcha(done); });
      return call(`${path}&fp=verify_${Math.random().toString(36).slice(2)}`, options);
    }
    if (puzzle) window.dispatchEvent(new Event('bc:captcha'));
    if (code !== 0) throw new Failure('refused', answer.msg, code);
    return answer.data;
  };
  BC.get = (path, params) => call(address(path, params), {});
  BC.send = (path, body) => call(address(path), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Csrftoken': cookie('csrftoken') },
    body: JSON.stringify({ org_id: BC.org, ...body }),
  });
  // Nobody hears the answer of a beacon, and it carries no header: the page takes it for done.
  BC.beacon = (path, body) => {
    const text = JSON.stringify({ org_id: BC.org, ...body });
    const to = `${address(path)}&csrf_token=${cookie('csrftoken')}`;
    navigator.sendBeacon(to, new Blob([text], { type: 'application/json' }));
    return Promise.resolve({});
  };
  BC.post = (path, body) => {
    if (start.unsent.includes(path)) return Promise.reject(new Failure('silent', 'not sent'));
    const kind = start.kinds[path];
    return kind ? BC.sendWrite(kind, path, body) : BC.send(path, body);
  };
  BC.toast = (kind, text) => { BC.K.message[kind]({ content: text, duration: 3000 }); };
  // Runs a write; shows the site's refusal or a general error as a toast. Resolves to the data, or undefined.
  BC.attempt = async (work, options) => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const show = (options && options.onError) || ((text) => BC.toast('error', text));
      if (error.how === 'refused') show(error.message, error);
      if (error.how === 'broken') show(BC.t('core.broken'), error);
      return undefined;
    }
  };

  // --- the Vue kit, only where a screen wants it ---
  let vue;
  BC.loadVue = () => {
    vue = vue || new Promise((done, failed) => {
      const style = document.createElement('link');
      style.rel = 'stylesheet';
      style.href = '/kit/vue.css';
      const script = document.createElement('script');
      script.src = '/kit/vue.js';
      script.onload = () => done(window.Vue);
      script.onerror = failed;
      document.head.append(style, script);
    });
    return vue;
  };
})();
