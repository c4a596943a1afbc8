// Small wrappers round the kit that every screen shares. They add no role, id or label of their own.
(() => {
  'use strict';
  const { h, K, R, use, t, axis } = BC;

  const button = (type) => ({ children, size = 'md', ...rest }) => h(K.Button, { type, size, ...rest }, children);
  BC.Primary = button('primary');
  BC.Secondary = button('secondary');
  BC.Plain = button('default');
  BC.TextButton = button('text');

  // A page's own buttons, perhaps in a bar that stays at the lower edge of the window while the page scrolls under it.
  BC.PageFoot = ({ children }) => {
    const fixed = axis('bars') === 'fixed' && axis('send_place') !== 'top';
    return h('div', { className: fixed ? 'si-page-foot si-fixed' : 'si-page-foot' }, children);
  };

  const foot = (...buttons) => h('div', { className: 'si-foot' }, ...buttons);

  // title, visible, onClose, footer, size, surface ('modal' | 'drawer' | 'page'; default: the axis)
  BC.Surface = ({ title, visible, onClose, footer, size = 'md', surface, children }) => {
    const how = surface || axis('surface');
    const atTop = axis('send_place') === 'top';
    if (how === 'page') {
      if (!visible) return null;
      const buttons = h(BC.PageFoot, null, footer);
      return h('div', { className: 'si-page' },
        h('div', { className: 'si-page-head' }, title, axis('close') === 'icon' && h(BC.CloseIcon, { onClick: onClose })),
        atTop && buttons,
        h('div', { className: 'si-page-body' }, children),
        !atTop && buttons);
    }
    const shell = { show: visible, onClose, header: title, footer: atTop ? null : foot(footer), size };
    const body = [atTop && foot(footer), children];
    if (how === 'drawer') return h(K.Drawer, { placement: 'right', ...shell }, ...body);
    return h(K.Modal, shell, ...body);
  };

  // title, visible, body, onOk (may return a promise; OK shows the loading state while it runs), onClose.
  // The caller closes it (sets visible to false) when the write was accepted.
  BC.Confirm = ({ title, visible, body, onOk, onClose, okText, cancelText, children }) => h(K.Modal.Confirm, {
    show: visible, title, onOk, onCancel: onClose, onClose, size: 'sm',
    ...(okText ? { okText } : {}), ...(cancelText ? { cancelText } : {}),
  }, body || children);

  // label, required, error, hint; `hinted`: the control has a placeholder, which may stand for the label
  BC.Field = ({ label, required, error, hint, hinted, children }) => {
    const complaints = axis('complaints');
    use.effect(() => { if (error && complaints === 'toast') BC.toast('error', t('core.broken')); }, [error]);
    return h(K.FormContainer, {
      ...(hinted && axis('captions') === 'placeholder' ? {} : { label, required: Boolean(required) }), vertical: true, hint,
      ...(error && complaints === 'kit' ? { status: 'error', help: error } : {}),
    }, children, error && complaints !== 'kit' && h('div', { className: 'si-wrong' }, error));
  };

  BC.Empty = (props) => h(K.Empty, props);

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
