// "Invite Member": who, with which role, and (a second step, by axis) on which ad accounts.
(() => {
  'use strict';
  const { h, K, use, t } = BC;
  const LOOKS_LIKE_EMAIL = /^[^\s@,;]+@[^\s@,;]+\.[^\s@,;]{2,}$/;
  // Numbers of the site's own call: org_role 1 is admin, finance_role 5 is manager.
  const ORG_ROLE = { admin: 1, standard: 2 };
  // Refusals about the address are shown at its field, all others as a toast.
  const ADDRESS_REFUSALS = [40021, 40022];
  const FINANCE_ROLE = { manager: 5, analyst: 6 };

  const emailProblem = (emails) => {
    if (!emails.length) return t('members.error.email_empty');
    return emails.every((email) => LOOKS_LIKE_EMAIL.test(email)) ? '' : t('members.error.email_malformed');
  };

  const EmailField = ({ form, set, error }) => {
    const chips = BC.axis('emails') === 'chips';
    return h(
      BC.Field,
      { label: t('members.email'), required: true, error, hinted: true },
      chips
        ? h(K.MultipleInput, {
            width: 360,
            value: form.emails,
            inputValue: form.typed,
            placeholder: t('members.email.chips'),
            onChange: (emails) => set({ emails, typed: '' }),
            onInputValueChange: (typed) => set({ typed }),
          })
        : h(K.Input, {
            width: 360,
            value: form.typed,
            placeholder: t('members.email.placeholder'),
            onChange: (event) => set({ typed: event.target.value }),
          }),
    );
  };

  const RoleField = ({ form, set, error }) => {
    return h(
      BC.Field,
      { label: t('members.access'), required: true, error },
      h(BC.Choice, {
        how: BC.styled('role_style', BC.axis('role_widget')),
        width: 360,
        value: form.role,
        onChange: (role) => set({ role }),
        options: ['admin', 'standard'].map((role) => [role, t(`members.role.${role}`)]),
      }),
    );
  };

  const FinanceChoice = ({ form, set }) => {
    const options = ['manager', 'analyst'].map((role) => [role, t(`members.finance.${role}`)]);
    const how = BC.styled('finance_style', BC.axis('finance_widget'));
    const onChange = (role) => set({ finance: role ? [role] : [] });
    if (how !== 'checkbox')
      return h(BC.Choice, { how, width: 360, clearable: true, value: form.finance[0], onChange, options });
    return h(
      K.CheckGroup,
      { value: form.finance, onChange: (finance) => set({ finance }) },
      options.map(([role, label]) => h(K.CheckGroup.Checkbox, { key: role, value: role }, label)),
    );
  };

  const FinanceField = ({ form, set }) => {
    const title = t('members.advanced');
    const choice = h(FinanceChoice, { form, set });
    if (BC.axis('advanced') === 'open') return h(BC.Field, { label: title }, choice);
    return h(K.Collapse, null, h(K.Collapse.Item, { id: 'advanced', title }, choice));
  };

  const AssetStep = ({ form, set }) => {
    const forAll = BC.edition === '2024';
    const first = forAll ? form.levelForAll : '';
    const levelForAll = (level) =>
      set({
        levelForAll: level,
        accounts: Object.fromEntries(Object.keys(form.accounts).map((id) => [id, level])),
      });
    return h(
      'div',
      null,
      h('h3', null, t('members.assets.title')),
      forAll &&
        h(
          BC.Field,
          { label: t('members.permission'), required: true },
          h(BC.LevelSelect, { area: 'members', value: form.levelForAll || undefined, onChange: levelForAll }),
        ),
      h(BC.AccountPicker, {
        area: 'members',
        path: 'user/assignable/',
        chosen: form.accounts,
        onChange: (accounts) => set({ accounts }),
        levels: !forAll,
        firstLevel: first,
      }),
    );
  };

  const payload = (form, emails, accounts) => {
    const finance = form.finance.includes('manager') ? 'manager' : form.finance[0];
    return {
      org_id: BC.org,
      email_list: emails,
      lang: BC.axis('language'),
      org_role: ORG_ROLE[form.role],
      ...(finance && { finance_role: FINANCE_ROLE[finance] }),
      advertiser_list: Object.entries(accounts).map(([id, level]) => ({
        advertiser_id: id,
        advertiser_role: level.toUpperCase(),
      })),
    };
  };

  const Buttons = ({ step, isFirst, isLast, busy, form, actions }) => {
    const button = (word, onClick, props = {}) =>
      h(K.Button, { key: word, onClick, disabled: busy && !props.loading, ...props }, t(`members.${word}`));
    const primary = { type: 'primary' };
    if (step === 'sent') return button('done', actions.done, primary);
    const onlyAssets = step.length === 1 && step[0] === 'assets';
    const nothing = onlyAssets && !Object.keys(form.accounts).length;
    const buttons = [
      isFirst ? button('cancel', actions.cancel) : button('back', actions.back),
      onlyAssets && button('skip', actions.skip),
      isLast
        ? button('confirm', actions.confirm, { ...primary, loading: busy, disabled: nothing })
        : button('next', actions.next, primary),
    ];
    return h(BC.R.Fragment, null, BC.ordered(buttons));
  };

  const WHO = ['email', 'role', 'finance'];
  const steps = () =>
    BC.axis('asset_step') === 'yes'
      ? BC.steps([WHO, ['assets']], {
          one: [[...WHO, 'assets']],
          two: [WHO, ['assets']],
          three: [['email'], ['role', 'finance'], ['assets']],
        })
      : BC.steps([WHO], { one: [WHO], two: [['email'], ['role', 'finance']], three: [['email'], ['role'], ['finance']] });

  const startValues = () => ({
    emails: [],
    typed: '',
    role: BC.axis('preselected_role') === 'none' ? undefined : BC.axis('preselected_role'),
    finance: [],
    accounts: {},
    levelForAll: '',
  });

  BC.InviteMember = ({ visible, onClose, onDone }) => {
    const [form, setForm] = use.useState(startValues);
    const all = steps();
    const [at, setAt] = use.useState(0);
    const [wasSent, setSent] = use.useState(false);
    const step = wasSent ? 'sent' : all[at];
    const stepOf = (part) => all.findIndex((parts) => parts.includes(part));
    const extras = BC.useExtras('invite');
    const [errors, setErrors] = use.useState({});
    const sending = BC.useSending('invite');
    const set = (change) => setForm((now) => ({ ...now, ...change }));
    const emails = [...form.emails, form.typed.trim()].filter(Boolean);

    // The part that has a problem, of those looked at.
    const problem = (parts) => {
      const found = { email: emailProblem(emails), role: form.role ? '' : t('members.error.role') };
      setErrors(Object.fromEntries(parts.map((part) => [part, found[part] || ''])));
      return parts.find((part) => found[part]);
    };
    const refused = (text, failure) => {
      if (!ADDRESS_REFUSALS.includes(failure.code)) return BC.toast('error', text);
      setErrors({ email: text });
      return setAt(stepOf('email'));
    };
    const sent = () => {
      if (BC.axis('success_screen') === 'yes') return setSent(true);
      BC.toast('success', t('members.sent'));
      return onDone();
    };
    const submit = (accounts) => {
      const wrong = problem(WHO);
      if (wrong) return setAt(stepOf(wrong));
      if (!extras.good()) return undefined;
      if (Object.values(accounts).some((level) => !level))
        return BC.toast('error', t('members.error.level'));
      const body = { ...payload(form, emails, accounts), ...extras.body() };
      return sending.send('admin/user/invite/', body, sent, refused);
    };
    const actions = {
      cancel: onClose,
      next: () => !problem(step) && setAt(at + 1),
      back: () => setAt(at - 1),
      skip: () => submit({}),
      confirm: () => submit(form.accounts),
      done: onDone,
    };
    const isFirst = at === 0;
    const isLast = at === all.length - 1;
    const shows = (part) => step !== 'sent' && step.includes(part);
    return h(
      BC.Surface,
      {
        title: t('members.invite'),
        visible,
        onClose: step === 'sent' ? onDone : onClose,
        footer: h(Buttons, { step, isFirst, isLast, busy: sending.busy, form, actions }),
      },
      shows('email') && h(EmailField, { form, set, error: errors.email }),
      shows('role') && h(RoleField, { form, set, error: errors.role }),
      shows('finance') && h(FinanceField, { form, set }),
      shows('email') && extras.fields,
      shows('assets') && h(AssetStep, { form, set }),
      step !== 'sent' && isLast && extras.boxes,
      step === 'sent' && h('div', { className: 'sent' }, t('members.sent')),
    );
  };
})();
