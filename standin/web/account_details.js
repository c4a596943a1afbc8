// One advertiser account: its basic information, who works on it, and which partners have it.
(() => {
  const { h, K, t, use } = BC;
  const FACTS = ['country', 'currency', 'timeZone', 'company', 'industry', 'website'];
  const LEVELS = ['admin', 'operator', 'analyst'];

  const Fact = ({ label, children }) => h(BC.Field, { label }, h('span', null, children));

  const Information = ({ account }) =>
    h(
      'div',
      { className: 'si-list' },
      h('h3', null, t('accounts.detail.info')),
      h(
        'div',
        { style: { display: 'grid', gridTemplateColumns: 'repeat(4, 1fr)', columnGap: 16 } },
        h(Fact, { label: t('accounts.column.owner') }, account.owner_name || t('accounts.owner.individual')),
        h(Fact, { label: t('accounts.column.status') }, h(BC.AccountStatus, { row: account })),
        FACTS.map((fact) =>
          h(
            Fact,
            { key: fact, label: t(`accounts.detail.${fact}`) },
            account[fact === 'timeZone' ? 'time_zone' : fact] || '-'
          )
        )
      )
    );

  // The server sends these short lists whole; the kit's pager still cuts them into pages.
  const ShortList = ({ rows, columns, rowKey }) => {
    const [page, setPage] = use.state(1);
    const shown = rows.slice((page - 1) * 10, page * 10);
    const table = BC.axis('accounts_table');
    const pages = BC.axis('totals') === 'yes' ? { total: rows.length } : { more: page * 10 < rows.length };
    return h(BC.List, { rows: shown, columns, rowKey, table, ...pages, page, onPage: setPage });
  };

  const level = (row) => t(`accounts.role.${row.role}`);
  const permission = () => ({ key: 'role', title: t('accounts.request.role'), render: level });

  const Members = ({ account }) =>
    h(ShortList, {
      rows: account.members,
      rowKey: 'email',
      columns: [
        { key: 'name', title: t('accounts.detail.name'), render: (row) => row.name || '-' },
        { key: 'email', title: t('accounts.detail.email'), width: 260, render: (row) => row.email },
        permission(),
      ],
    });

  const PartnerName = ({ row }) =>
    h(
      'div',
      null,
      h('div', null, row.name),
      h('div', { className: 'si-dim' }, t('accounts.id', { id: row.bc_id }))
    );

  const Partners = ({ account, onShare }) =>
    h(
      'div',
      null,
      onShare &&
        h(
          'div',
          { className: 'si-toolbar' },
          h(K.Button, { type: 'primary', onClick: onShare }, t('accounts.detail.share'))
        ),
      h(ShortList, {
        rows: account.partners,
        rowKey: 'bc_id',
        columns: [
          {
            key: 'name',
            title: t('accounts.detail.name'),
            width: 260,
            render: (row) => h(PartnerName, { row }),
          },
          permission(),
          {
            key: 'status',
            title: t('accounts.column.status'),
            render: (row) => t(`accounts.share.state.${row.status}`),
          },
        ],
      })
    );

  // A Business Center that is no partner yet becomes one by this.
  const share = async (account, form, code) => {
    const body = {
      partner_id: form.id.trim(),
      asset_type: 1,
      asset_ids: [account.aadvid],
      advertiser_role: form.level.toUpperCase(),
    };
    const known = await BC.get('/api/v2/bm/partner/detail/', { partner_id: body.partner_id }).then(
      () => true,
      (error) => {
        if (error.how !== 'refused') throw error;
        return false;
      }
    );
    return BC.post(`/api/v2/bm/partner/${known ? 'asset/share' : 'add'}/`, { ...body, ...code });
  };

  const LevelField = ({ value, error, onChange }) =>
    h(
      BC.Field,
      { label: t('accounts.request.role'), required: true, error },
      h(BC.Choice, {
        how: BC.styled('level_style', 'radio'),
        value,
        onChange,
        options: LEVELS.map((name) => [name, t(`accounts.role.${name}`)]),
      })
    );

  const ShareForm = ({ form, errors, set }) =>
    h(
      'div',
      null,
      h(
        BC.Field,
        { label: t('accounts.share.id'), required: true, error: errors.id, hinted: true },
        h(K.Input, {
          value: form.id,
          placeholder: t('accounts.share.idHint'),
          onChange: (event) => set({ id: event.target.value }),
        })
      ),
      h(LevelField, { value: form.level, error: errors.level, onChange: (name) => set({ level: name }) })
    );

  const Share = ({ account, visible, onClose, onDone }) => {
    const [form, setForm] = use.state({ id: '', level: undefined });
    const [errors, setErrors] = use.state({});
    const [busy, setBusy] = use.state(false);
    const assign = async () => {
      const found = {
        ...(form.id.trim() ? {} : { id: t('accounts.share.required') }),
        ...(form.level ? {} : { level: t('accounts.required.role') }),
      };
      setErrors(found);
      if (Object.keys(found).length) return;
      const code = await BC.askCode('share');
      if (!code) return;
      setBusy(true);
      const done = await BC.attempt(() => share(account, form, code));
      setBusy(false);
      if (!done) return;
      BC.toast('success', t('accounts.share.sent'));
      onDone();
    };
    const footer = BC.ordered([
      h(K.Button, { key: 'cancel', onClick: onClose }, t('accounts.cancel')),
      h(K.Button, { key: 'go', type: 'primary', loading: busy, onClick: assign }, t('accounts.share.assign')),
    ]);
    const title = t('accounts.detail.share');
    const set = (part) => setForm({ ...form, ...part });
    return h(BC.Surface, { title, visible, onClose, footer }, h(ShareForm, { form, errors, set }));
  };

  const Tabs = ({ account, onShare }) =>
    h(
      K.Tabs,
      { defaultActiveId: 'members', lazy: true },
      h(K.Tabs.Item, { id: 'members', tab: t('accounts.detail.members') }, h(Members, { account })),
      h(
        K.Tabs.Item,
        { id: 'partners', tab: t('accounts.detail.partners') },
        h(Partners, { account, onShare })
      )
    );

  BC.AccountDetails = ({ aadvid }) => {
    const [account, setAccount] = use.state(null);
    const [turn, setTurn] = use.state(0);
    const sharing = BC.useDialog();
    use.effect(() => {
      BC.attempt(() => BC.get('/api/v2/bm/account/detail/', { aadvid })).then(
        (data) => data && setAccount(data)
      );
    }, [aadvid, turn]);
    if (!account) return h(K.Loading, { loading: true }, h('div', { className: 'si-blank' }));
    const canShare = BC.me.role === 'admin' && account.ownership === 'owned';
    const finish = () => {
      sharing.close();
      setTurn(turn + 1);
    };
    return h(
      'div',
      null,
      h(K.Link, { onClick: () => BC.go(BC.paths.accounts) }, t('accounts.detail.back')),
      h('h2', null, account.name),
      h('div', { className: 'si-dim' }, t('accounts.id', { id: account.aadvid })),
      h(Information, { account }),
      h(Tabs, { account, onShare: canShare && (() => sharing.open()) }),
      sharing.turn > 0 &&
        h(Share, {
          key: sharing.turn,
          account,
          visible: sharing.visible,
          onClose: sharing.close,
          onDone: finish,
        })
    );
  };
})();
