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
      { label: t('members.email'), required: true, error },
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
    const choices = ['admin', 'standard'].map((role) => ({ role, label: t(`members.role.${role}`) }));
    return h(
      BC.Field,
      { label: t('members.access'), required: true, error },
      BC.axis('role_widget') === 'select'
        ? h(
            K.Select,
            { value: form.role, width: 360, onChange: (role) => set({ role }) },
            choices.map(({ role, label }) => h(K.Select.Option, { key: role, value: role, label })),
          )
        : h(
            K.RadioGroup,
            { value: form.role, onChange: (role) => set({ role }) },
            choices.map(({ role, label }) => h(K.RadioGroup.Radio, { key: role, value: role }, label)),
          ),
    );
  };

  const FINANCE_WIDGETS = {
    radio: (choices, form, set) =>
      h(
        K.RadioGroup,
        { value: form.finance[0], onChange: (role) => set({ finance: [role] }) },
        choices.map(({ role, label }) => h(K.RadioGroup.Radio, { key: role, value: role }, label)),
      ),
    select: (choices, form, set) =>
      h(
        K.Select,
        {
          width: 360,
          clearable: true,
          value: form.finance[0],
          onChange: (role) => set({ finance: role ? [role] : [] }),
        },
        choices.map(({ role, label }) => h(K.Select.Option, { key: role, value: role, label })),
      ),
    checkbox: (choices, form, set) =>
      h(
        K.CheckGroup,
        { value: form.finance, onChange: (finance) => set({ finance }) },
        choices.map(({ role, label }) => h(K.CheckGroup.Checkbox, { key: role, value: role }, label)),
      ),
  };

  const FinanceField = ({ form, set }) => {
    const choices = ['manager', 'analyst'].map((role) => ({ role, label: t(`members.finance.${role}`) }));
    return h(
      BC.Field,
      { label: t('members.advanced') },
      FINANCE_WIDGETS[BC.axis('finance_widget')](choices, form, set),
    );
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

  const Buttons = ({ step, withAssets, busy, form, actions }) => {
    const button = (word, onClick, props = {}) =>
      h(K.Button, { key: word, onClick, disabled: busy && !props.loading, ...props }, t(`members.${word}`));
    const primary = { type: 'primary' };
    if (step === 'sent') return button('done', actions.done, primary);
    if (step === 'assets') {
      const nothing = !Object.keys(form.accounts).length;
      return h(BC.R.Fragment, null, [
        button('back', actions.back),
        button('skip', actions.skip),
        button('confirm', actions.confirm, { ...primary, loading: busy, disabled: nothing }),
      ]);
    }
    return h(BC.R.Fragment, null, [
      button('cancel', actions.cancel),
      withAssets
        ? button('next', actions.next, primary)
        : button('confirm', actions.confirm, { ...primary, loading: busy }),
    ]);
  };

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
    const [step, setStep] = use.useState('who');
    const [errors, setErrors] = use.useState({});
    const sending = BC.useSending('invite');
    const set = (change) => setForm((now) => ({ ...now, ...change }));
    const emails = [...form.emails, form.typed.trim()].filter(Boolean);

    const checked = () => {
      const found = { email: emailProblem(emails), role: form.role ? '' : t('members.error.role') };
      setErrors(found);
      return !found.email && !found.role;
    };
    const refused = (text, failure) => {
      if (!ADDRESS_REFUSALS.includes(failure.code)) return BC.toast('error', text);
      setErrors({ email: text });
      return setStep('who');
    };
    const sent = () => {
      if (BC.axis('success_screen') === 'yes') return setStep('sent');
      BC.toast('success', t('members.sent'));
      return onDone();
    };
    const submit = (accounts) => {
      if (!checked()) return setStep('who');
      if (Object.values(accounts).some((level) => !level))
        return BC.toast('error', t('members.error.level'));
      return sending.send('admin/user/invite/', payload(form, emails, accounts), sent, refused);
    };
    const actions = {
      cancel: onClose,
      next: () => checked() && setStep('assets'),
      back: () => setStep('who'),
      skip: () => submit({}),
      confirm: () => submit(form.accounts),
      done: onDone,
    };
    const withAssets = BC.axis('asset_step') === 'yes';
    return h(
      BC.Surface,
      {
        title: t('members.invite'),
        visible,
        onClose: step === 'sent' ? onDone : onClose,
        footer: h(Buttons, { step, withAssets, busy: sending.busy, form, actions }),
      },
      step === 'who' && [
        h(EmailField, { key: 'email', form, set, error: errors.email }),
        h(RoleField, { key: 'role', form, set, error: errors.role }),
        h(FinanceField, { key: 'finance', form, set }),
      ],
      step === 'assets' && h(AssetStep, { form, set }),
      step === 'sent' && h('div', { className: 'sent' }, t('members.sent')),
    );
  };
})();
