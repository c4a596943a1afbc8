// What every page of the ADS site uses: window.ADS.
(() => {
  'use strict';
  const start = window.__BOOT__;
  const cookie = (name) => (document.cookie.match(new RegExp(`(?:^|; )${name}=([^;]*)`)) || [])[1] || '';
  const ADS = {
    start,
    axis: (name) => start.axes[name],
    t: (key, values) => {
      if (!(key in start.words)) throw new Error(`no word ${key}`);
      return start.words[key].replace(/\$\{(\w+)\}/g, (_, name) => String((values || {})[name]));
    },
    // Makes an element: el('div', {class: 'x', onclick: f}, child, ...)
    el: (tag, attributes, ...children) => {
      const made = document.createElement(tag);
      for (const [name, value] of Object.entries(attributes || {})) {
        if (typeof value === 'function') made[name] = value;
        else if (value !== undefined && value !== false) made.setAttribute(name, value === true ? '' : value);
      }
      made.append(...children.filter((child) => child !== null && child !== undefined));
      return made;
    },
    show: (...nodes) => { document.getElementById('root').replaceChildren(...nodes); },
    params: () => Object.fromEntries(new URLSearchParams(window.location.search)),
    get: async (path) => (await fetch(path)).json(),
    post: async (path, body) => {
      const response = await fetch(path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-Csrftoken': cookie('csrftoken') },
        body: JSON.stringify(body || {}),
      });
      if (!response.ok) return { code: response.status, msg: `HTTP ${response.status}`, data: {} };
      return response.json();
    },
  };
  window.ADS = ADS;
})();
