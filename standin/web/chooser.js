// The account chooser, the two-step set-up page and the survey page: no frame round them.
(() => {
  'use strict';
  const { h, t } = BC;

  const Card = ({ center }) => h('div', {
    className: 'selection-item bc-card', onClick: () => window.location.assign(`/manage/overview?org_id=${center.id}`),
  },
  h('div', { className: 'selection-basic-info__header__name' }, h('div', { className: 'text-ellipsis' }, h('span', null, center.name))),
  h('div', { className: 'selection-basic-info__count' },
    [['chooser.ad_accounts', center.ad_accounts], ['chooser.members', center.members]].map(([word, count]) => h('span', {
      key: word, className: 'selection-basic-info__count__item',
    }, h('span', { className: 'selection-basic-info__count__item__text' }, t(word, { count }))))));

  // Some logins never see the cards: the page leads on to the first Business Center by itself.
  const Chooser = ({ organizations }) => {
    const [first] = organizations;
    const away = BC.axis('select_page') === 'redirect' && first !== undefined;
    BC.use.effect(() => { if (away) window.location.replace(`/manage/overview?org_id=${first.id}`); }, []);
    return away ? null : h(Cards, { organizations });
  };
  const Cards = ({ organizations }) => h('div', { className: 'si-chooser' },
    h('h2', null, t('chooser.heading')),
    organizations.length ? organizations.map((center) => h(Card, { key: center.id, center })) : h('p', null, t('chooser.none')));
  BC.screen('/select', Chooser, { bare: true, title: 'TikTok Business Center' });
  BC.screen('/select-account', Chooser, { bare: true, title: 'TikTok Business Center' });

  const TwoStep = ({ params, organizations }) => {
    const target = String(params.redirect || '');
    const own = target.startsWith(`${BC.urls.bc}/`) || target.startsWith(`${BC.urls.ads}/`);
    const first = organizations[0] ? `/manage/overview?org_id=${params.org_id || organizations[0].id}` : '/select';
    return h('div', { className: 'si-chooser' },
      h('h2', null, t('two_step.heading')), h('p', null, t('two_step.text')),
      h('div', { className: 'two-sv-footer' },
        h(BC.Plain, { onClick: () => window.location.assign(own ? target : first) }, t('two_step.skip')),
        h(BC.Primary, {}, t('two_step.set_up'))));
  };
  BC.screen('/two-step-verification', TwoStep, { bare: true });

  BC.screen('/survey', () => h('div', { className: 'si-chooser' }, h('h2', null, t('survey.question'))), { bare: true, open: true });
})();
