// One partner: what this Business Center shares with it, and what it shares back.
(() => {
  'use strict';
  const { h, K, use, t } = BC;

  const Shared = ({ partnerId, direction, again }) => {
    const list = BC.useSearched('partner/assets/', { partner_id: partnerId, direction, again });
    return h(BC.SearchedList, {
      list,
      axis: 'partners_table',
      columns: [
        {
          key: 'name',
          title: t('partners.accounts.name'),
          width: 260,
          render: (row) => h(BC.AccountName, { account: row }),
        },
        {
          key: 'level',
          title: t('partners.permission'),
          render: (row) => t(`partners.level.${row.level}`),
        },
        {
          key: 'status',
          title: t('partners.column.status'),
          render: (row) => h(K.Tag, null, t(`partners.share.${row.share_status}`)),
        },
      ],
    });
  };

  // The kinds of assets under a tab; only advertiser accounts hold anything here.
  const AssetKinds = ({ partnerId, direction, again, onShare }) =>
    h(
      K.Tabs,
      { defaultActiveId: 'accounts', type: 'card', lazy: true },
      h(
        K.Tabs.Item,
        { id: 'accounts', tab: t('partners.assets') },
        onShare && h('div', { className: 'si-toolbar' }, h(K.Button, { type: 'primary', onClick: onShare }, t('partners.share'))),
        h(Shared, { partnerId, direction, again }),
      ),
      h(K.Tabs.Item, { id: 'others', tab: t('partners.other_assets') }, h(K.Empty, null)),
    );

  const GRANT = ['accounts', 'level'];
  const steps = () => BC.steps([GRANT], { one: [GRANT], two: [['accounts'], ['level']], three: [['accounts'], ['level']] });

  const ShareAssets = ({ partner, visible, onClose, onDone }) => {
    const [grant, setGrant] = use.useState(BC.emptyGrant);
    const sending = BC.useSending('share');
    const extras = BC.useExtras('share');
    const all = steps();
    const [at, setAt] = use.useState(0);
    const isLast = at === all.length - 1;
    const next = () => {
      const problem = BC.grantProblem(grant, all[at]);
      return problem ? BC.toast('error', problem) : setAt(at + 1);
    };
    const assign = () => {
      const problem = BC.grantProblem(grant);
      if (problem) return BC.toast('error', problem);
      if (!extras.good()) return undefined;
      const body = { partner_id: partner.partner_id, ...BC.grantBody(grant), ...extras.body() };
      return sending.send('partner/asset/share/', body, () => {
        BC.toast('success', t('partners.shared'));
        onDone();
      });
    };
    const leave = at
      ? h(K.Button, { key: 'back', onClick: () => setAt(at - 1) }, t('partners.back'))
      : h(K.Button, { key: 'cancel', onClick: onClose, disabled: sending.busy }, t('partners.cancel'));
    const go = isLast
      ? h(K.Button, { key: 'go', type: 'primary', onClick: assign, loading: sending.busy }, t('partners.assign'))
      : h(K.Button, { key: 'next', type: 'primary', onClick: next }, t('partners.next'));
    const buttons = h(BC.R.Fragment, null, BC.ordered([leave, go]));
    return h(
      BC.Surface,
      { title: t('partners.share'), visible, onClose, footer: buttons },
      h(BC.GrantForm, { grant, parts: all[at], onChange: setGrant, place: 'share' }),
      at === 0 && extras.fields,
      isLast && extras.boxes,
    );
  };

  const Head = ({ partner }) =>
    h(
      'div',
      null,
      h(K.Link, { onClick: () => BC.go(BC.paths.partners) }, t('partners.back_to_list')),
      h('h2', null, partner.partner_name),
      h('div', { className: 'si-dim' }, t('core.id', { id: partner.partner_id })),
      h('span', null, t(`partners.status.${partner.status}`)),
    );

  const Details = () => {
    const partnerId = BC.params().partner_id;
    const [partner, setPartner] = use.useState(null);
    const dialog = BC.useDialog();
    const [again, setAgain] = use.useState(0);
    use.useEffect(() => {
      const look = () => BC.get('/api/v2/bm/partner/detail/', { partner_id: partnerId });
      BC.attempt(look).then((found) => found && setPartner(found));
    }, [partnerId, again]);
    if (!partner) return h(K.Loading, { loading: true }, h('div', { className: 'si-blank' }));
    const share = h(ShareAssets, {
      key: dialog.turn,
      partner,
      visible: dialog.visible,
      onClose: dialog.close,
      onDone: () => {
        dialog.close();
        setAgain((now) => now + 1);
      },
    });
    if (dialog.visible && BC.axis('surface') === 'page') return share;
    const kinds = (direction, onShare) => h(AssetKinds, { partnerId, direction, again, onShare });
    return h(
      'div',
      null,
      h(Head, { partner }),
      h(
        K.Tabs,
        { defaultActiveId: 'shared', lazy: true },
        h(
          K.Tabs.Item,
          { id: 'shared', tab: t('partners.you_shared') },
          kinds('shared', BC.me.role === 'admin' && (() => dialog.open())),
        ),
        h(K.Tabs.Item, { id: 'received', tab: t('partners.shared_with_you') }, kinds('received')),
      ),
      dialog.turn > 0 && share,
    );
  };

  BC.screen(`${BC.paths.partners}/detail`, Details, { title: t('partners.title') });
})();
