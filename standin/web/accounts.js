// The list of advertiser accounts: search, two filters, pager, and the way to add one.
// `?detail_adv=<aadvid>` on the same route shows one account instead of the list.
(() => {
  const { h, K, t, use } = BC;
  const STATUSES = [
    'approved',
    'disapproved',
    'in_review',
    'suspended',
    'contract_not_effective',
    'disabled',
  ];
  const OWNERSHIPS = ['owned', 'partner', 'individual'];

  // The last filter of a Business Center is remembered (as in the saved `filters=` of public URLs), so a list
  // may open filtered.
  const memory = () => `bm_adv_filters_${BC.org}`;
  const remembered = () => {
    try {
      return JSON.parse(window.localStorage.getItem(memory())) || {};
    } catch {
      return {};
    }
  };

  const useFilters = () => {
    const [filters, setFilters] = use.state(remembered);
    const change = (part) => {
      const next = { ...filters, ...part };
      window.localStorage.setItem(memory(), JSON.stringify(next));
      setFilters(next);
    };
    return [filters, change];
  };

  const FilterSelect = ({ area, values, value, placeholder, onChange }) =>
    h(
      K.Select,
      { value, placeholder, width: 220, clearable: true, onChange },
      values.map((name) =>
        h(K.Select.Option, { key: name, value: name, label: t(`accounts.${area}.${name}`) })
      )
    );

  const Filters = ({ filters, change }) =>
    h(
      'div',
      { className: 'si-toolbar si-filters', style: { margin: 0 } },
      h(FilterSelect, {
        area: 'owner',
        values: OWNERSHIPS,
        value: filters.ownership,
        placeholder: t('accounts.filter.owner'),
        onChange: (ownership) => change({ ownership }),
      }),
      h(FilterSelect, {
        area: 'status',
        values: STATUSES,
        value: filters.status,
        placeholder: t('accounts.filter.status'),
        onChange: (status) => change({ status }),
      }),
      (filters.ownership || filters.status) &&
        h(
          K.Button,
          { type: 'text', onClick: () => change({ ownership: undefined, status: undefined }) },
          t('accounts.filter.clear')
        )
    );

  const TAG = { approved: 'success', in_review: 'default', contract_not_effective: 'default' };

  // Where the list has no column for the own role, a request shows in the status.
  const Status = ({ row }) => {
    const waiting = ['pending', 'declined'].includes(row.relation);
    const words =
      waiting && BC.axis('access_column') === 'no' ? `relation.${row.relation}` : `status.${row.status}`;
    return h(K.Tag, { type: TAG[row.status] || 'warning' }, t(`accounts.${words}`));
  };

  const roleWords = (row) =>
    ['pending', 'declined'].includes(row.relation)
      ? t(`accounts.relation.${row.relation}`)
      : t(`accounts.role.${row.role}`);

  const Name = ({ row }) =>
    h(
      'div',
      null,
      h('div', null, BC.tagged(row.name)),
      h('div', { className: 'si-dim' }, BC.tagged(t('accounts.id', { id: row.aadvid })))
    );

  const Actions = ({ row }) =>
    h(BC.Actions, {
      actions: [
        [t('accounts.adsManager'), { href: `${BC.urls.ads}/i18n/home?aadvid=${row.aadvid}`, target: '_blank' }],
        [t('accounts.view'), { onClick: () => BC.go(BC.paths.accounts, { detail_adv: row.aadvid }) }],
      ],
    });

  const columns = () => {
    const all = [
      { key: 'name', title: t('accounts.column.name'), width: 300, render: (row) => h(Name, { row }) },
      { key: 'status', title: t('accounts.column.status'), render: (row) => h(Status, { row }) },
      { key: 'owner', title: t('accounts.column.owner'), render: (row) => ownerWords(row) },
      { key: 'role', title: t('accounts.column.role'), render: roleWords },
      { key: 'action', title: t('accounts.column.action'), width: 260, render: (row) => h(Actions, { row }) },
    ];
    return BC.axis('access_column') === 'no' ? all.filter(({ key }) => key !== 'role') : all;
  };

  const ownerWords = (row) => row.owner_name || t('accounts.owner.individual');

  const AddButton = ({ onClick }) =>
    h(
      K.Button,
      { type: 'primary', onClick },
      t(BC.organization.kind === 'agency' ? 'accounts.addAgency' : 'accounts.add')
    );

  // A Business Center without any account offers both ways at once.
  const EmptyButtons = ({ onChoose }) =>
    h(
      'div',
      { className: 'si-cards' },
      h('h3', null, t('accounts.empty')),
      h(K.Button, { type: 'primary', size: 'lg', onClick: () => onChoose('create') }, t('accounts.create')),
      h(K.Button, { size: 'lg', onClick: () => onChoose('request') }, t(BC.requestWords()))
    );

  const Search = ({ value, onChange }) =>
    h(K.Input, {
      value,
      width: 260,
      placeholder: t('accounts.search'),
      onChange: (event) => onChange(event.target.value),
    });

  const Head = ({ keyword, setKeyword, filters, change, onAdd }) =>
    h(
      'div',
      { className: 'si-toolbar' },
      BC.axis('search') === 'yes' && h(Search, { value: keyword, onChange: setKeyword }),
      h(Filters, { filters, change }),
      BC.me.role === 'admin' && h(AddButton, { onClick: onAdd })
    );

  // Those that were asked for may stand under a tab of their own.
  const Groups = ({ group, onChange }) =>
    h(
      K.Tabs,
      { activeId: group, controlled: true, onChange },
      h(K.Tabs.Item, { id: 'held', tab: t('accounts.title') }),
      h(K.Tabs.Item, { id: 'requests', tab: t('partners.tab.requests') })
    );

  const AccountList = () => {
    const grouped = BC.axis('accounts_tabs') === 'requests';
    const [group, setGroup] = use.state(grouped ? 'held' : '');
    const [filters, change] = useFilters();
    const [keyword, setKeyword] = use.state('');
    const adding = BC.useDialog();
    const narrowed = { group, keyword, ownership: filters.ownership || '', status: filters.status || '' };
    const list = BC.useList('/api/v2/bm/account/list/', narrowed, BC.axis('list_style'));
    use.effect(() => {
      // The rest of the screen does not need what this tells, or whether it tells anything.
      if (BC.start.wide.side_refused !== null) BC.get('/api/v3/bm/account/gmv_max/', { account_type: 1 }).catch(() => {});
    }, []);
    const isEmpty =
      BC.me.role === 'admin' && !list.loading && list.page === 1 && list.rows.length === 0 && !keyword && !filters.ownership && !filters.status && group !== 'requests';
    const finish = () => {
      adding.close();
      list.reload();
    };
    return h(
      'div',
      null,
      h('h2', null, t('accounts.title')),
      grouped && h(Groups, { group, onChange: setGroup }),
      !isEmpty && h(Head, { keyword, setKeyword, filters, change, onAdd: () => adding.open('choice') }),
      isEmpty
        ? h(EmptyButtons, { onChoose: adding.open })
        : h(BC.List, {
            ...list,
            onPage: list.setPage,
            style: BC.axis('list_style'),
            columns: BC.arranged(columns()),
            table: BC.axis('accounts_table'),
            rowKey: 'aadvid',
          }),
      adding.turn > 0 &&
        h(BC.AddAccount, {
          key: adding.turn,
          start: adding.what,
          visible: adding.visible,
          onClose: adding.close,
          onDone: finish,
        })
    );
  };

  const Accounts = ({ params }) => {
    const shown = params.detail_adv;
    return shown && shown !== '0' ? h(BC.AccountDetails, { key: shown, aadvid: shown }) : h(AccountList);
  };

  BC.AccountStatus = Status;
  BC.screen(BC.paths.accounts, Accounts, { title: () => t('accounts.title') });
})();
