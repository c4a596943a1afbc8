// Lists: both tables of the kit, whole or not, filtered, searched, slow, empty, with fixed columns.
(() => {
  'use strict';
  const { h, K, use } = BC;
  const G = BC.gallery;
  const PER_PAGE = 10;

  const people = (count, masked) =>
    Array.from({ length: count }, (_, at) => ({
      id: String(at),
      name: `Person ${at}`,
      email: masked ? `p***${at % 10}@client.example` : `person${at}@client.example`,
      status: at % 3 ? 'Active' : 'Pending',
    }));
  const matching = (rows, typed, how) => {
    if (!typed || how === 'deaf') return rows;
    if (how === 'blind') return [];
    return rows.filter((row) => `${row.name} ${row.email}`.includes(typed));
  };

  // parameters: rows, claims (the pager's total), table, search (ok, deaf, blind, stuck), filter, reset, delay, never,
  // flash (says "No Data" before it asks), lull (says so while it asks for suggestions first), masked, pager (no), grows
  G.list = ({ params }) => {
    const all = people(Number(params.rows || 25), params.masked);
    const [page, setPage] = use.state(1);
    const [typed, setTyped] = use.state(params.typed || '');
    const [filter, setFilter] = use.state(params.filter || 'All');
    const [state, setState] = use.state({ loading: !params.flash, rows: [], total: 0 });
    const [grown, setGrown] = use.state(PER_PAGE);
    use.effect(() => {
      const ask = async () => {
        setState((old) => ({ ...old, loading: true }));
        if (params.never) return;
        // What cannot be had looks like what is not there.
        await fetch(`/api/v2/bm/user/list/?org_id=${BC.org}&page=${page}&keyword=${encodeURIComponent(typed)}`).catch(() => null);
        const found = matching(all, typed, params.search).filter((row) => filter === 'All' || row.status === filter);
        const from = params.pager === 'no' ? 0 : (page - 1) * PER_PAGE;
        const to = params.pager !== 'no' ? from + PER_PAGE : params.grows ? grown : found.length;
        setState({ loading: false, rows: found.slice(from, to), total: params.claims ? Number(params.claims) : found.length });
      };
      const lull = typed ? Number(params.lull || 0) : 0;
      if (lull) {
        setState({ loading: false, rows: [], total: 0 });
        fetch(`/api/v2/bm/user/suggest/?org_id=${BC.org}&keyword=${encodeURIComponent(typed)}`);
      }
      const timer = setTimeout(ask, lull || Number(params.delay || 0));
      return () => clearTimeout(timer);
    }, [page, typed, filter, grown]);
    const columns = [
      { key: 'name', title: 'Username' }, { key: 'status', title: 'Status' }, { key: 'email', title: 'Email', width: 240 },
      { key: 'view', title: 'Action', render: () => h(K.Link, {}, 'View') },
    ];
    const list = h(BC.List, {
      columns, rows: state.rows, total: state.total, loading: state.loading, table: params.table, page, onPage: setPage,
    });
    const scrolled = (event) => {
      const box = event.target;
      if (params.grows && box.scrollTop + box.clientHeight > box.scrollHeight - 5) setGrown((old) => Math.min(old + PER_PAGE, all.length));
    };
    return h('div', null,
      h('div', { className: 'si-toolbar' },
        params.search && h(K.Input, {
          value: typed, placeholder: 'Search', width: 200, suffix: h(K.Icon || 'span', {}),
          onChange: (event) => { setPage(1); if (params.search !== 'stuck') setTyped(event.target.value); },
        }),
        params.filter && h(K.Select, { value: filter, width: 140, onChange: setFilter },
          ['All', 'Active', 'Pending'].map((text) => h(K.Select.Option, { key: text, value: text, label: text }))),
        params.reset && h(BC.TextButton, { onClick: () => { if (params.reset === 'yes') setFilter('All'); } }, 'Clear filters')),
      h('div', {
        className: params.pager === 'no' ? 'without-pager' : '', onScroll: scrolled,
        style: params.grows ? { height: 300, overflowY: 'auto' } : {},
      }, list),
      h('style', null, '.without-pager [class*="-pager"]{display:none}'));
  };

  // As the other kit draws fixed columns: the whole table a second time, all but the fixed cells hidden.
  G.fixed = () => {
    const cell = (text, hidden) => h('td', { style: hidden ? { visibility: 'hidden' } : {} }, text);
    const table = (fixed) =>
      h('table', { style: { position: fixed ? 'absolute' : 'static', top: 0, left: 0, borderSpacing: 0, width: 500 } },
        h('thead', null, h('tr', { style: { height: 30 } }, ['Username', 'Email', 'Action'].map((text, at) =>
          h('th', { key: at, style: (at === 2) === fixed ? {} : { visibility: 'hidden' } }, text)))),
        h('tbody', null, [0, 1, 2].map((at) =>
          h('tr', { key: at, style: { height: 30 } }, cell(`Person ${at}`, fixed), cell(`person${at}@client.example`, fixed),
            cell(h('a', { href: `#${at}` }, 'View'), !fixed)))));
    return h('div', { style: { position: 'relative' } }, table(false), table(true));
  };
  G.empty = () => h(K.Empty, {});
})();
