// Searched lists, and the list in which the invitation and the sharing dialogs tick ad accounts.
(() => {
  'use strict';
  const { h, K, use, t } = BC;

  // BC.useList with a keyword beside the other parameters.
  BC.useSearched = (path, params = {}, style = 'paged') => {
    const [keyword, search] = use.useState('');
    return { ...BC.useList(`/api/v2/bm/${path}`, { ...params, keyword }, style), keyword, search, style };
  };

  BC.SearchBox = ({ list, placeholder }) => {
    BC.sought = list.keyword;
    return h(K.Input, {
      width: 280,
      value: list.keyword,
      placeholder,
      onChange: (event) => list.search(event.target.value),
    });
  };

  BC.SearchedList = ({ list, columns, axis, rowKey }) =>
    h(BC.List, {
      table: BC.axis(axis),
      columns,
      rowKey,
      rows: list.rows,
      total: list.total,
      more: list.more,
      style: list.style,
      page: list.page,
      onPage: list.setPage,
      limit: list.limit,
      onLimit: list.setLimit,
      loading: list.loading,
    });

  BC.LevelSelect = ({ area, value, disabled, onChange }) =>
    h(
      K.Select,
      { value, disabled, width: 160, onChange },
      ['admin', 'operator', 'analyst'].map((level) =>
        h(K.Select.Option, { key: level, value: level, label: t(`${area}.level.${level}`) }),
      ),
    );

  BC.AccountName = ({ account }) =>
    h(
      'div',
      null,
      h('div', null, BC.tagged(account.name)),
      h('div', { className: 'si-dim' }, BC.tagged(t('core.id', { id: account.id }))),
    );

  // `chosen` maps the id of a ticked account to its level ('' while none was picked).
  const toggled = (chosen, id, on, level) => {
    const next = { ...chosen };
    delete next[id];
    return on ? { ...next, [id]: level } : next;
  };

  // One ad account that was chosen, with its own level below it.
  const Chosen = ({ area, account, level, levels, onChange }) =>
    h(
      'div',
      { className: 'si-chosen' },
      h(BC.AccountName, { account }),
      levels && h('div', { className: 'si-dim' }, t(`${area}.permission`)),
      levels &&
        h(
          K.RadioGroup,
          { value: level || undefined, onChange },
          ['admin', 'operator', 'analyst'].map((name) =>
            h(K.RadioGroup.Radio, { key: name, value: name }, t(`${area}.level.${name}`)),
          ),
        ),
    );

  // The same as a select that takes several: what was chosen stands below it.
  const AccountSelect = ({ area, path, chosen, onChange, levels, firstLevel }) => {
    const list = BC.useList(`/api/v2/bm/${path}`, {}, 'virtual');
    const choose = (ids) => onChange(Object.fromEntries(ids.map((id) => [id, chosen[id] ?? firstLevel])));
    const title = t(area === 'members' ? 'members.assets.title' : 'partners.assets');
    return h(
      'div',
      null,
      h(
        BC.Field,
        { label: title, required: area === 'partners' },
        h(
          K.MultipleSelect,
          { value: Object.keys(chosen), width: '100%', searchable: true, onChange: choose },
          list.rows.map((row) =>
            h(K.MultipleSelect.Option, { key: row.id, value: row.id, label: `${row.name} (${row.id})` }),
          ),
        ),
      ),
      list.rows
        .filter((row) => row.id in chosen)
        .map((account) =>
          h(Chosen, {
            key: account.id,
            area,
            account,
            levels,
            level: chosen[account.id],
            onChange: (level) => onChange({ ...chosen, [account.id]: level }),
          }),
        ),
    );
  };

  // Ad accounts to tick, searched and paged by the server. `levels`: each row has its own level.
  BC.AccountPicker = (given) => h({ list: AccountList, select: AccountSelect, transfer: AccountTransfer }[BC.axis('picker')], given);

  // The same in two columns: what was ticked stands on the right, and is given its level there.
  const AccountTransfer = ({ area, chosen, onChange, levels, ...rest }) => {
    const all = BC.useList(`/api/v2/bm/${rest.path}`, {}, 'virtual');
    const row = (account) =>
      h(
        'div',
        { key: account.id, className: 'si-chosen' },
        h(BC.AccountName, { account }),
        levels &&
          h(BC.LevelSelect, {
            area,
            value: chosen[account.id] || undefined,
            onChange: (value) => onChange({ ...chosen, [account.id]: value }),
          }),
      );
    return h(
      'div',
      { className: 'si-transfer' },
      h('div', null, h(AccountList, { area, chosen, onChange, levels: false, ...rest })),
      h('div', null, all.rows.filter((account) => account.id in chosen).map(row)),
    );
  };

  const AccountList = ({ area, path, chosen, onChange, levels, firstLevel = '' }) => {
    const list = BC.useSearched(path);
    const tick = (row) =>
      h(K.Checkbox, {
        checked: row.id in chosen,
        onChange: (event) => onChange(toggled(chosen, row.id, event.target.checked, firstLevel)),
      });
    const level = (row) =>
      h(BC.LevelSelect, {
        area,
        value: chosen[row.id] || undefined,
        disabled: !(row.id in chosen),
        onChange: (value) => onChange({ ...chosen, [row.id]: value }),
      });
    const columns = [
      { key: 'tick', title: '', width: 60, render: tick },
      { key: 'name', title: t(`${area}.accounts.name`), width: 260, render: (row) => h(BC.AccountName, { account: row }) },
    ];
    if (levels) columns.push({ key: 'level', title: t(`${area}.permission`), width: 190, render: level });
    return h(
      'div',
      null,
      h(
        'div',
        { className: 'si-toolbar' },
        h(BC.SearchBox, { list, placeholder: t(`${area}.accounts.search`) }),
        h('span', null, t(`${area}.accounts.selected`, { n: Object.keys(chosen).length })),
      ),
      h(BC.SearchedList, { list, columns, axis: 'accounts_table' }),
    );
  };
})();
