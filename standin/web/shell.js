// The frame round every screen: top bar with the Business Center switcher, left navigation, content.
(() => {
  'use strict';
  const { h, K, R, use, t, axis } = BC;

  const entries = () => {
    const accounts = [
      { path: BC.paths.accounts, word: 'nav.ad_accounts' },
      { path: BC.paths.tiktokAccounts, word: 'nav.tiktok_accounts' },
    ];
    const people = [{ path: BC.paths.members, word: 'nav.members' }, { path: BC.paths.partners, word: 'nav.partners' }];
    const rest = [{ path: BC.paths.settings, word: 'nav.settings' }];
    const overview = { path: BC.paths.overview, word: 'nav.overview' };
    if (BC.edition === '2024') {
      return [overview, { word: 'nav.users', children: people }, { word: 'nav.assets', children: accounts }, ...rest];
    }
    return [overview, { word: 'nav.accounts', children: accounts }, ...people, ...rest];
  };

  const item = (entry) => h(K.Menu.Item, { key: entry.path, id: entry.path }, t(entry.word));
  const Navigation = ({ path }) => {
    const groups = entries();
    const open = groups.filter((entry) => entry.children).map((entry) => entry.word);
    return h('div', { className: 'si-nav' }, h(K.Menu, {
      activeId: path, openIds: open, onClick: (id) => { if (id.startsWith('/')) BC.go(id); },
    }, groups.map((entry) => (entry.children
      ? h(K.Menu.SubMenu, { key: entry.word, id: entry.word, title: t(entry.word) }, entry.children.map(item))
      : item(entry)))));
  };

  const Switcher = ({ all }) => {
    const [open, setOpen] = use.state(false);
    const choose = (id) => { if (id !== BC.org) window.location.assign(`/manage/overview?org_id=${id}`); else setOpen(false); };
    return h('div', { className: 'si-switcher' },
      h('span', { className: 'si-switcher-name', onClick: () => setOpen(!open) }, BC.organization.name),
      open && h('div', { className: 'si-switcher-list' }, all.map((center) => h('div', {
        key: center.id, className: 'si-switcher-item', onClick: () => choose(center.id),
      }, h('div', null, center.name), h('div', { className: 'si-dim' }, t('core.id', { id: center.id }))))));
  };

  const NotFound = () => h(BC.Empty, { content: t('core.not_found') });
  const Content = ({ place }) => {
    const found = BC.screens.get(place.path) || { component: NotFound, title: '' };
    use.effect(() => { if (found.title) document.title = typeof found.title === 'function' ? found.title() : found.title; }, [place.path]);
    return h(found.component, { key: place.path, params: place.params });
  };

  const LanguageSelect = () => {
    const names = { en: 'English', vi: 'Tiếng Việt', de: 'Deutsch', ja: '日本語', es: 'Español', id: 'Bahasa Indonesia' };
    return h(K.Select, { value: axis('language'), width: 140, onChange: () => {} },
      Object.entries(names).map(([value, label]) => h(K.Select.Option, { key: value, value, label })));
  };

  const TypeSelect = () => {
    const [kind, setKind] = use.state('agency');
    return h(K.Select, { value: kind, width: 160, onChange: setKind },
      ['agency', 'advertiser'].map((each) => h(K.Select.Option, { key: each, value: each, label: t(`looks.type.${each}`) })));
  };

  const Frame = ({ waiting, place, all }) => h('div', { className: 'si-frame' },
    h('div', { className: 'si-top' }, h('span', { className: 'si-brand' }, t('core.product')), axis('header_select') === 'yes' && h(LanguageSelect),
      axis('account_type_select') === 'yes' && h(TypeSelect), all && h(Switcher, { all })),
    h('div', { className: 'si-middle' },
      waiting ? h('div', { className: 'si-nav' }) : h(Navigation, { path: place.path }),
      h('div', { className: 'si-content' }, waiting ? h(K.Loading, { loading: true }, h('div', { className: 'si-blank' })) : h(Content, { place }))));

  // Asks who is signed in. Nothing is drawn in the middle before the answer, and nothing ever without a session.
  const App = () => {
    const place = BC.useLocation();
    const [all, setAll] = use.state(null);
    use.effect(() => {
      const load = async () => {
        const asked = BC.params().org_id || '';
        const [mine, user] = await Promise.all([BC.get('/api/v2/bm/organizations/'), BC.get('/api/v2/bm/user/', { org_id: asked })]);
        if (!user.organization && !(BC.screens.get(place.path) || {}).bare) { window.location.assign('/select'); return; }
        BC.organization = user.organization;
        BC.org = user.organization ? user.organization.id : '';
        BC.me = { ...user.user, role: user.role, finance: user.finance };
        setAll(mine.organizations);
      };
      const open = (BC.screens.get(place.path) || {}).open;
      if (!open) BC.attempt(load, { onError: (text, error) => { if (error.how === 'refused') window.location.assign('/select'); else BC.toast('error', text); } });
    }, []);
    const screen = BC.screens.get(place.path);
    if (screen && screen.bare && (all || screen.open)) return h(screen.component, { params: place.params, organizations: all });
    return h(R.Fragment, null, h(Frame, { waiting: !all, place, all }), h(BC.CodeHost));
  };

  const locale = { en: 'enGB', vi: 'viVN', de: 'deDE', ja: 'jaJP', es: 'esES', id: 'idID' }[axis('language')];
  const region = { en: 'en-US', vi: 'vi-VN', de: 'de-DE', ja: 'ja-JP', es: 'es-ES', id: 'id-ID' }[axis('language')];
  window.localStorage.setItem('selected_lang', axis('language'));
  window.localStorage.setItem('__Garfish__react__business_suite_lang', region);
  const app = h(K.ConfigProvider, { prefixCls: BC.prefix, locale: window.OKeeReactLocale[locale] }, h(App));
  window.ReactDOM.render(app, document.getElementById('root'));
  // The kit keeps the settings of the last provider made for what is drawn outside of React's tree: toasts.
  const toasts = h(K.ConfigProvider, { prefixCls: BC.start.toastPrefix, locale: window.OKeeReactLocale[locale] });
  window.ReactDOM.render(toasts, document.createElement('div'));
})();
