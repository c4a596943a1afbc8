// Overview and business settings: the name and the id of the Business Center.
(() => {
  'use strict';
  const { h, K, use, t } = BC;

  const Overview = () => {
    const [counts, setCounts] = use.state(null);
    use.effect(() => {
      BC.attempt(() => BC.get('/api/v2/bm/organizations/')).then((data) => {
        if (data) setCounts(data.organizations.find((center) => center.id === BC.org));
      });
    }, []);
    return h('div', null,
      h('h2', null, BC.organization.name),
      h('div', { className: 'si-dim' }, t('core.id', { id: BC.org })),
      h('div', { className: 'si-cards' },
        h(K.Card, { title: t('overview.members') }, h('b', null, counts ? counts.members : '')),
        h(K.Card, { title: t('overview.ad_accounts') }, h('b', null, counts ? counts.ad_accounts : ''))));
  };
  BC.screen(BC.paths.overview, Overview, { title: 'TikTok Business Center' });

  const Settings = () => h('div', null,
    h('h2', null, t('nav.settings')),
    h('h3', null, t('settings.information')),
    h(BC.Field, { label: t('settings.name') }, h('span', null, BC.organization.name)),
    h(BC.Field, { label: t('settings.id') }, h('span', null, BC.org)),
    h('h3', null, t('settings.yours')),
    h(BC.Field, { label: t('settings.email') }, h('span', null, BC.me.email)));
  BC.screen(BC.paths.settings, Settings, {});

  BC.screen(BC.paths.tiktokAccounts, () => h('div', null, h('h2', null, t('nav.tiktok_accounts')), h(BC.Empty)), {});
})();
