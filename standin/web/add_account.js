// "Add advertiser account": choose between a new one and one that exists; ask for access to the latter.
(() => {
  const { h, K, t, use } = BC;
  const WIZARD = '/manage/accounts/adv/create';
  const ROLES = ['admin', 'operator', 'analyst'];

  // In March 2026 parts of the site began to say "link accounts" for the same thing.
  BC.requestWords = () => (BC.axis('link_wording') === 'link' ? 'accounts.link' : 'accounts.request');

  // The wizard is another application on a page of its own, in the same window.
  const openWizard = () => window.location.assign(`${WIZARD}?org_id=${BC.org}`);

  const cardStyle = (chosen) => ({
    border: `1px solid ${chosen ? '#1a66ff' : '#ccc'}`,
    borderRadius: 4,
    padding: 16,
    flex: 1,
    cursor: 'pointer',
  });

  const Card = ({ title, hint, chosen, onClick }) =>
    h(
      'div',
      { className: `account-type${chosen ? ' account-type-chosen' : ''}`, style: cardStyle(chosen), onClick },
      h('p', { className: 'text-14 font-medium text-neutral-highOnSurface' }, title),
      h('p', { className: 'si-dim' }, hint)
    );

  const buttons = ({ onCancel, onBack, onGo, words, ...rest }) =>
    BC.ordered([
      onBack
        ? h(K.Button, { key: 'back', onClick: onBack }, t('core.back'))
        : h(K.Button, { key: 'cancel', onClick: onCancel }, t('accounts.cancel')),
      h(K.Button, { key: 'go', type: 'primary', onClick: onGo, ...rest }, t(words)),
    ]);

  const Choice = ({ visible, onClose, onChoose }) => {
    const [chosen, setChosen] = use.state(null);
    const card = (name, title, hint) =>
      h(Card, { title: t(title), hint: t(hint), chosen: chosen === name, onClick: () => setChosen(name) });
    const footer = buttons({
      onCancel: onClose,
      onGo: () => onChoose(chosen),
      words: 'accounts.next',
      disabled: !chosen,
    });
    return h(
      BC.Surface,
      { title: t('accounts.add'), visible, onClose, footer },
      h(
        'div',
        { className: 'si-cards' },
        card('create', 'accounts.create', 'accounts.createHint'),
        card('request', BC.requestWords(), 'accounts.requestHint')
      )
    );
  };

  // Asked only while another account of this Business Center waits for its review.
  const useWaiting = () => {
    const [waiting, setWaiting] = use.state(null);
    use.effect(() => {
      BC.get('/api/v2/bm/account/list/', { ownership: 'owned', status: 'in_review', page: 1, limit: 1 }).then(
        (data) => setWaiting(data.list.length > 0),
        () => setWaiting(false)
      );
    }, []);
    return waiting;
  };

  const Create = ({ visible, onClose }) => {
    const waiting = useWaiting();
    use.effect(() => {
      if (waiting === false) openWizard();
    }, [waiting]);
    if (!waiting) return null;
    const title = t('accounts.confirmCreate.title');
    return h(BC.Confirm, { title, visible, onClose, onOk: openWizard }, t('accounts.confirmCreate.body'));
  };

  const RoleField = ({ value, error, onChange }) => {
    const options = ROLES.map((role) => [role, t(`accounts.role.${role}`)]);
    const how = BC.styled('level_style', BC.axis('role_widget'));
    const widget = h(BC.Choice, { how, value, options, onChange, placeholder: t('accounts.request.roleHint') });
    return h(BC.Field, { label: t('accounts.request.role'), required: true, error }, widget);
  };

  const RequestForm = ({ form, errors, set, step, extras, isLast }) =>
    h(
      'div',
      null,
      step.includes('account_id') && h(
        BC.Field,
        { label: t('accounts.request.id'), required: true, error: errors.account_id, hinted: true },
        h(K.Input, {
          value: form.account_id,
          placeholder: t('accounts.request.idHint'),
          onChange: (event) => set({ account_id: event.target.value }),
        })
      ),
      step.includes('role') &&
        h(RoleField, { value: form.role, error: errors.role, onChange: (role) => set({ role }) }),
      step.includes('account_id') && extras.fields,
      step.includes('notify') && h(
        BC.Field,
        { label: ' ' },
        h(
          K.Checkbox,
          { checked: form.notify, onChange: (event) => set({ notify: event.target.checked }) },
          t('accounts.request.notify')
        ),
        form.notify &&
          h(K.Input, {
            value: form.email,
            placeholder: t('accounts.request.emailHint'),
            onChange: (event) => set({ email: event.target.value }),
          })
      ),
      isLast && extras.boxes
    );

  const missing = (form) => ({
    ...(form.account_id.trim() ? {} : { account_id: t('accounts.required.id') }),
    ...(form.role ? {} : { role: t('accounts.required.role') }),
  });

  const payload = (form) => ({
    account_id: form.account_id.trim(),
    role: form.role,
    notify_owner: form.notify,
    email: form.email,
  });

  const START = () => ({
    account_id: '',
    role: BC.axis('preselected_role') === 'none' ? undefined : 'analyst',
    notify: false,
    email: '',
  });

  const ASKED = ['account_id', 'role', 'notify'];
  const steps = () =>
    BC.steps([ASKED], { one: [ASKED], two: [['account_id'], ['role', 'notify']], three: [['account_id'], ['role'], ['notify']] });

  const useRequest = (onSent) => {
    const [form, setForm] = use.state(START);
    const [at, setAt] = use.state(0);
    const extras = BC.useExtras('request');
    const [errors, setErrors] = use.state({});
    const [busy, setBusy] = use.state(false);
    const all = steps();
    const step = all[at];
    const isLast = at === all.length - 1;
    const complete = () => {
      const found = Object.fromEntries(Object.entries(missing(form)).filter(([name]) => step.includes(name)));
      setErrors(found);
      return Object.keys(found).length === 0;
    };
    const send = async () => {
      const filled = complete();
      if (!extras.good() || !filled) return;
      const code = await BC.askCode('request');
      if (!code) return;
      setBusy(true);
      const data = await BC.attempt(() =>
        BC.post('/api/v2/bm/account/request/', { ...payload(form), ...extras.body(), ...code })
      );
      setBusy(false);
      if (data) onSent(data);
    };
    const set = (part) => {
      setForm({ ...form, ...part });
      setErrors({});
    };
    const next = () => complete() && setAt(at + 1);
    const back = at > 0 && (() => setAt(at - 1));
    return { form, errors, busy, send, set, step, extras, isLast, next, back };
  };

  const Request = ({ visible, onClose, onDone }) => {
    const [sent, setSent] = use.state(null);
    const request = useRequest((data) => {
      const words = data.relation === 'bound' ? 'accounts.request.bound' : 'accounts.request.sent';
      if (BC.axis('success_screen') === 'yes') return setSent(words);
      BC.toast('success', t(words));
      return onDone();
    });
    const title = t(BC.requestWords());
    if (sent) {
      const done = h(K.Button, { type: 'primary', onClick: onDone }, t('accounts.done'));
      return h(BC.Surface, { title, visible, onClose: onDone, footer: done }, t(sent));
    }
    const footer = buttons({
      onCancel: onClose,
      onBack: request.back,
      onGo: request.isLast ? request.send : request.next,
      words: request.isLast ? 'accounts.send' : 'accounts.next',
      loading: request.busy,
    });
    if (BC.axis('request_form') === 'popover') {
      const body = () => h('div', { className: 'si-popover' }, h('b', null, title), h(RequestForm, request), footer);
      return h(K.Popover, { trigger: 'click', show: visible, onShow: () => {}, onHide: () => {}, getPopper: body }, h('span', null, ' '));
    }
    return h(BC.Surface, { title, visible, onClose, footer }, h(RequestForm, request));
  };

  // Like the kit's own dialogs, a step that was left stays in the document, hidden.
  BC.AddAccount = ({ start, visible, onClose, onDone }) => {
    const [stage, setStage] = use.state(start);
    const at = (name) => visible && stage === name;
    return h(
      'div',
      null,
      start === 'choice' && h(Choice, { visible: at('choice'), onClose, onChoose: setStage }),
      stage === 'create' && h(Create, { visible: at('create'), onClose }),
      stage === 'request' && h(Request, { visible: at('request'), onClose, onDone })
    );
  };
})();
