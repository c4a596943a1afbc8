// Lists, in the kit's two tables, in one that draws only the rows in view, or growing as one scrolls; and their data.
(() => {
  'use strict';
  const { h, K, use, t, axis } = BC;
  const ROW = 64;
  const VIEW = 400;

  const tableNew = ({ columns, rows, loading, rowKey, maxHeight = 2000 }) => h(K.TableNew, {
    implement: 'table', columns, data: rows, loading, rowKey, maxHeight,
    dataPropsMapping: { id: rowKey },
  });
  const tableOld = ({ columns, rows, loading, rowKey }) => h(K.Table, {
    columns, data: rows, loading, rowKey, pager: false, rowHeight: ROW, dataPropsMapping: { id: rowKey },
  });

  // The older table's markup round react-virtualized's list: a row that is out of view is not in the document.
  const tableVirtual = ({ columns, rows, loading, rowKey }) => {
    const css = (name) => `${BC.prefix}-table-${name}`;
    const width = columns.reduce((sum, column) => sum + column.width, 0);
    const line = (kind, style, key, cell) => h('div', { key, className: `${css('column')} ${kind}`, style }, columns.map((column) =>
      h('div', { key: column.key, className: `${css('cell')} ${css(kind ? 'cell-body' : 'cell-head')}`, style: { display: 'inline-block', width: column.width } }, cell(column))));
    const title = (column) => h('div', { className: css('th') }, column.title);
    const rowRenderer = ({ index, style }) => line(css('row'), style, rows[index][rowKey],
      (column) => h('div', { className: css('td') }, column.render(rows[index])));
    if (loading) return h(K.Loading, { loading }, h('div', { className: 'si-blank' }));
    return h('div', { className: `${BC.prefix}-table` },
      h('div', { className: css('head') }, line('', { width }, 'head', title)),
      h('div', { className: css('body') }, rows.length
        ? h(window.ReactVirtualized.List, { width: width + 20, height: VIEW, rowCount: rows.length, rowHeight: ROW, rowRenderer, rows, overscanRowCount: 1 })
        : h(BC.Empty)));
  };

  // Rows as many pages write them by hand: nothing of the kit says that this is a list.
  const plainRows = ({ columns, rows, loading, rowKey }) => {
    const line = (key, cell) => h('div', { key, className: 'si-line' }, columns.map((column) =>
      h('div', { key: column.key, style: { width: column.width } }, cell(column))));
    if (!loading && !rows.length) return h(BC.Empty);
    return h(K.Loading, { type: 'block', show: loading }, h('div', { className: 'si-lines' },
      line('head', (column) => column.title), rows.map((row) => line(row[rowKey], (column) => column.render(row)))));
  };

  // As a library that writes styles draws them: no two rows share a class, the heading is of another element and stands
  // a little beside the cells below it, and what a row is about is not in its place alone.
  const hashedRows = ({ columns, rows, loading, rowKey }) => {
    const hash = (text) => `css-${[...String(text)].reduce((sum, letter) => (sum * 33 + letter.charCodeAt(0)) % 2176782336, 5381).toString(36)}`;
    const line = (tag, key, style, cell) => h(tag, { key, className: hash(key), style: { display: 'flex', ...style } }, columns.map((column) =>
      h('div', { key: column.key, className: hash(key + column.key), style: { flex: 'none', width: column.width, paddingRight: 8, overflowWrap: 'anywhere' } }, cell(column))));
    if (!loading && !rows.length) return h(BC.Empty);
    return h(K.Loading, { type: 'block', show: loading }, h('div', { className: hash('rows') },
      line('section', 'head', { paddingLeft: 16, fontWeight: 600 }, (column) => column.title),
      h('div', { className: hash('body') }, rows.map((row) => line('article', row[rowKey], { padding: '12px 0' }, (column) => column.render(row))))));
  };

  const Total = ({ total }) => (total === undefined ? null : h('div', { className: 'si-dim' }, t('core.total', { n: total })));

  BC.Pager = ({ rows, total, more, page, onPage, limit = 10, onLimit }) => h(K.Pager, {
    page, pageSize: limit, pageSizeList: [10, 20, 50], showTotal: total !== undefined, showJump: true, size: 'sm',
    // Without a total one knows only whether there is another page.
    total: total === undefined ? (page - 1) * limit + rows.length + (more ? 1 : 0) : total,
    onPageChange: onPage,
    onPageSizeChange: (index, size) => { if (onLimit) onLimit(size); onPage(1); },
  });

  // columns: [{key, title, render(row), width}], rows, total (undefined: none is told), more (whether there is another
  // page), page (from 1, as the kit's Pager), onPage, loading, table ('table' | 'div'), rowKey, style (axis `list_style`)
  BC.List = ({ columns, rows, total, more, page, onPage, limit = 10, onLimit, loading, table = 'table', rowKey = 'id', style = 'paged' }) => {
    const cells = columns.map((column) => ({
      id: column.key, key: column.key, title: column.title, width: column.width || 160,
      render: column.render || ((row) => h('span', null, String(row[column.key] ?? ''))),
    }));
    const given = { columns: cells, rows, loading, rowKey };
    if (style === 'virtual') {
      const whole = total === undefined ? null : h(BC.Pager, { rows, total, page: 1, onPage: () => {}, limit: Math.max(10, rows.length) });
      return h('div', { className: 'si-list' }, tableVirtual(given), whole);
    }
    if (style === 'endless') {
      const scrolled = ({ target }) => {
        if (more && !loading && target.scrollTop + target.clientHeight > target.scrollHeight - 5) onPage(page + 1);
      };
      // Nothing shows that the next part is on its way.
      const grown = { ...given, loading: loading && page === 1, maxHeight: VIEW };
      return h('div', { className: 'si-list', onScrollCapture: scrolled }, tableNew(grown), h(Total, { total }));
    }
    const drawn = { plain: plainRows, hashed: hashedRows }[axis('list_rows')] || (table === 'div' ? tableOld : tableNew);
    return h('div', { className: 'si-list' }, drawn(given),
      h(BC.Pager, { rows, total, more, page, onPage, limit, onLimit }));
  };

  const nothing = { rows: [], total: axis('totals') === 'yes' ? 0 : undefined, more: false };
  const hasMore = (data, page, limit) => (data.total === undefined ? data.has_more : page * limit < data.total);

  // Loads a list call: {rows, total, more, page, setPage, limit, setLimit, loading, reload}. Starts again at page 1 when
  // params change. `style`: virtual loads all at once, endless keeps the parts it has.
  BC.useList = (path, params, style = 'paged') => {
    const [page, setPage] = use.state(1);
    const [limit, setLimit] = use.state(style === 'virtual' ? 1000 : 10);
    const [turn, setTurn] = use.state(0);
    const [found, setFound] = use.state({ ...nothing, loading: true });
    const wanted = JSON.stringify(params || {});
    const before = use.ref(wanted);
    use.effect(() => {
      if (before.current !== wanted) {
        before.current = wanted;
        if (page !== 1) { setPage(1); return undefined; }
      }
      let current = true;
      setFound((old) => ({ ...old, loading: true }));
      const load = () => BC.get(path, { ...JSON.parse(wanted), page, limit });
      BC.attempt(load).then((data) => {
        if (!current) return;
        // As many pages do: a list that could not be had looks like one that is empty.
        if (!data) { setFound({ ...nothing, loading: false }); return; }
        const joined = (old) => (style === 'endless' && page > 1 ? [...old.rows, ...data.list] : data.list);
        setFound((old) => ({ rows: joined(old), total: data.total, more: hasMore(data, page, limit), loading: false }));
      });
      return () => { current = false; };
    }, [path, wanted, page, limit, turn]);
    const lost = use.ref(axis('pager') === 'plain' || style !== 'paged');
    const turnTo = (to) => { if (to !== 1 && !lost.current) lost.current = true; else setPage(to); };
    const reload = () => { if (style === 'endless') setPage(1); setTurn((n) => n + 1); };
    return { ...found, page, setPage: turnTo, limit, setLimit, reload };
  };
})();
