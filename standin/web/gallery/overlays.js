// What comes over the page: dialogs in each other, popovers, toasts, banners; and tabs and shadow buttons.
(() => {
  'use strict';
  const { h, K, use } = BC;
  const G = BC.gallery;

  G.dialogs = () => {
    const [open, setOpen] = use.state([]);
    const show = (name) => () => setOpen((old) => [...old, name]);
    const hide = (name) => () => setOpen((old) => old.filter((each) => each !== name));
    const dialog = (name, children) =>
      h(K.Modal, {
        show: open.includes(name), onClose: hide(name), header: `The ${name} dialog`,
        footer: h(BC.Primary, { onClick: hide(name) }, 'Confirm'),
      }, children);
    return h('div', null,
      dialog('outer', h(BC.Plain, { onClick: show('inner') }, 'Next')),
      dialog('inner', h('p', null, 'inner')),
      h(K.Drawer, {
        show: open.includes('drawer'), onClose: hide('drawer'), placement: 'right', header: 'The drawer',
        footer: h(BC.Primary, { onClick: hide('drawer') }, 'Confirm'),
      }, 'body'),
      h(BC.Plain, { onClick: show('outer') }, 'Open the dialog'),
      h(BC.Plain, { onClick: show('drawer') }, 'Open the drawer'),
      h(K.Popover.Confirm, { title: 'Remove?', content: 'For good', trigger: 'click' },
        h(BC.TextButton, {}, 'Remove')),
      h(K.Link, { href: '#there' }, 'Skip'),
      h(BC.Primary, {}, 'Done'), h(BC.Primary, {}, 'Done'));
  };

  G.messages = () =>
    h('div', null,
      ['success', 'error', 'warning', 'info'].map((kind) =>
        h(BC.Plain, { key: kind, onClick: () => K.message[kind]({ content: `a toast of ${kind}`, duration: 3000 }) }, `toast ${kind}`)),
      h(BC.Plain, { onClick: () => K.notification.error({ title: 'A notification', content: 'of an error' }) }, 'notify'),
      h(K.Info, { type: 'error', title: 'A banner' }, 'of an error'));

  G.tabs = () =>
    h(K.Tabs, {},
      h(K.Tabs.Item, { id: 'm', tab: 'Members (33)' }, 'first panel'),
      h(K.Tabs.Item, { id: 'p', tab: 'Partners' }, 'second panel'));

  G.shadow = () => {
    const place = use.ref(null);
    use.effect(() => {
      if (!window.customElements.get('ks-button')) {
        window.customElements.define('ks-button', class extends HTMLElement {
          connectedCallback() {
            this.attachShadow({ mode: 'open' }).innerHTML = '<button type="button"><slot></slot></button>';
          }
        });
      }
      place.current.innerHTML = '<ks-button>Next</ks-button>';
      place.current.firstChild.addEventListener('click', () => { place.current.dataset.pressed = 'yes'; });
    }, []);
    return h('div', { ref: place, className: 'shadow-place' });
  };

  G.facts = () =>
    h('div', null,
      h(BC.Field, { label: 'Currency' }, h('span', null, 'USD')),
      h('div', null, h('span', null, 'Time zone'), h('span', null, '(UTC-05:00) New York Time')),
      h('dl', null, h('dt', null, 'Status'), h('dd', null, 'Approved')),
      h('p', null, 'Owner'));
})();
