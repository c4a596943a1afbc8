// Small wrappers round the kit that every screen shares. They add no role, id or label of their own.
(() => {
  'use strict';
  const { h, K, R, use, t, axis } = BC;

  const button = (type) => ({ children, size = 'md', ...rest }) => h(K.Button, { type, size, ...rest }, children);
  BC.Primary = button('primary');
  BC.Secondary = button('secondary');
  BC.Plain = button('default');
  BC.TextButton = button('text');

  const foot = (...buttons) => h('div', { className: 'si-foot' }, ...buttons);

  // title, visible, onClose, footer, size, surface ('modal' | 'drawer' | 'page'; default: the axis)
  BC.Surface = ({ title, visible, onClose, footer, size = 'md', surface, children }) => {
    const how = surface || axis('surface');
    if (how === 'page') {
      if (!visible) return null;
      return h('div', { className: 'si-page' },
        h('div', { className: 'si-page-head' }, title),
        h('div', { className: 'si-page-body' }, children),
        h('div', { className: 'si-page-foot' }, footer));
    }
    if (how === 'drawer') {
      return h(K.Drawer, { placement: 'right', show: visible, onClose, header: title, footer: foot(footer), size }, children);
    }
    return h(K.Modal, { show: visible, onClose, header: title, footer: foot(footer), size }, children);
  };

  // title, visible, body, onOk (may return a promise; OK shows the loading state while it runs), onClose.
  // The caller closes it (sets visible to false) when the write was accepted.
  BC.Confirm = ({ title, visible, body, onOk, onClose, okText, cancelText, children }) => h(K.Modal.Confirm, {
    show: visible, title, onOk, onCancel: onClose, onClose, size: 'sm',
    ...(okText ? { okText } : {}), ...(cancelText ? { cancelText } : {}),
  }, body || children);

  // label, required, error, hint
  BC.Field = ({ label, required, error, hint, children }) => h(K.FormContainer, {
    label, required: Boolean(required), vertical: true, hint,
    ...(error ? { status: 'error', help: error } : {}),
  }, children);

  BC.Empty = (props) => h(K.Empty, props);

  const tableNew = ({ columns, rows, loading, rowKey }) => h(K.TableNew, {
    implement: 'table', columns, data: rows, loading, rowKey, maxHeight: 2000,
    dataPropsMapping: { id: rowKey },
  });
  const tableOld = ({ columns, rows, loading, rowKey }) => h(K.Table, {
    columns, data: rows, loading, rowKey, pager: false, rowHeight: 64, dataPropsMapping: { id: rowKey },
  });

  // columns: [{key, title, render(row), width}], rows, total, page (from 1, as the kit's Pager), onPage, loading,
  // table ('table' | 'div'), rowKey
  BC.List = ({ columns, rows, total, page, onPage, limit = 10, onLimit, loading, table = 'table', rowKey = 'id' }) => {
    const cells = columns.map((column) => ({
      id: column.key, key: column.key, title: column.title, width: column.width || 160,
      render: column.render || ((row) => h('span', null, String(row[column.key] ?? ''))),
    }));
    const draw = table === 'div' ? tableOld : tableNew;
    return h('div', { className: 'si-list' },
      draw({ columns: cells, rows, loading, rowKey }),
      h(K.Pager, {
        page, total, pageSize: limit, pageSizeList: [10, 20, 50], showTotal: true, showJump: true, size: 'sm',
        onPageChange: onPage,
        onPageSizeChange: (index, size) => { if (onLimit) onLimit(size); onPage(1); },
      }));
  };

  // Loads a list call: {rows, total, page, setPage, limit, setLimit, loading, reload}. Starts again at page 1 when params change.
  BC.useList = (path, params) => {
    const [page, setPage] = use.state(1);
    const [limit, setLimit] = use.state(10);
    const [turn, setTurn] = use.state(0);
    const [found, setFound] = use.state({ rows: [], total: 0, loading: true });
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
        // As many pages do: a list that could not be had looks like one that is empty.
        if (current) setFound({ rows: data ? data.list : [], total: data ? data.total : 0, loading: false });
      });
      return () => { current = false; };
    }, [path, wanted, page, limit, turn]);
    return { ...found, page, setPage, limit, setLimit, reload: () => setTurn((n) => n + 1) };
  };

  // Asks for a mailed code. visible, email, error, onSend, onCode(code), onClose
  BC.CodeDialog = ({ visible, email, error, onSend, onCode, onClose }) => {
    const [code, setCode] = use.state('');
    use.effect(() => { if (visible) setCode(''); }, [visible]);
    return h(K.Modal, {
      show: visible, onClose, size: 'sm', header: t('code.title'),
      footer: foot(
        h(BC.Plain, { onClick: onClose }, t('core.cancel')),
        h(BC.Primary, { disabled: !code, onClick: () => onCode(code) }, t('code.confirm'))),
    },
    h('p', { className: 'si-note' }, t('code.sent', { email })),
    h(BC.Field, { label: t('code.label'), required: true, error },
      h(K.Input, { value: code, placeholder: t('code.placeholder'), onChange: (event) => setCode(event.target.value) }),
      h(BC.TextButton, { onClick: onSend }, t('code.resend'))));
  };

  const asked = { current: null };
  const asks = (kind) => {
    const wanted = axis('codes');
    return kind === 'remove_member' || wanted === kind
      || (wanted === 'all' && ['invite', 'share', 'update', 'create', 'request'].includes(kind));
  };
  // Asks for the code this kind of write needs. Resolves to {} or {ticket}: spread it into the body of the write;
  // null when the person cancelled.
  BC.askCode = async (kind) => {
    if (!(await BC.pressed(kind))) return null;
    return asks(kind) ? BC.askNow(kind) : {};
  };
  // Asks at once; `more` goes along with the code.
  BC.askNow = (kind, more) => new Promise((done) => { asked.current({ kind, more, done }); });
  // The one code dialog of the shell; shell.js puts it on every page.
  BC.CodeHost = () => {
    const [ask, setAsk] = use.state(null);
    const [error, setError] = use.state('');
    const send = (kind) => BC.attempt(() => BC.post('/api/v2/bm/security/send_code/', { kind }));
    asked.current = (next) => { setError(''); setAsk(next); send(next.kind); };
    const end = (result) => { if (ask) ask.done(result); setAsk(null); };
    const check = async (code) => {
      const post = () => BC.post('/api/v2/bm/security/check_code/', { kind: ask.kind, code, ...ask.more });
      const data = await BC.attempt(post, { onError: setError });
      if (data) end({ ticket: data.ticket });
    };
    return h(BC.CodeDialog, {
      visible: Boolean(ask), email: BC.me ? BC.me.email : '', error,
      onSend: () => send(ask.kind), onCode: check, onClose: () => end(null),
    });
  };
})();
