// Registration of a Business Center: an older form with two cards, and a newer one that makes the
// first ad account as well. Which one a visitor gets is the site's choice; `others=no_new_flow` forces the older.
(() => {
  const { h, K, t, use } = BC;
  const OLD = '/self-serve-bc/registration';
  const COMBINED = '/account/create';
  const CREATE = '/api/v3/bm/bp/create/';
  const TYPE = { advertiser: 5, agency: 6 };
  const NEEDED = {
    old: ['kind', 'country', 'company', 'name', 'timeZone', 'currency'],
    combined: [
      'company',
      'country',
      'industry',
      'contact',
      'phone',
      'website',
      'name',
      'timeZone',
      'currency',
      'account',
    ],
  };
  const EMPTY = {
    kind: undefined,
    country: undefined,
    company: '',
    industry: undefined,
    contact: '',
    phone: '',
    website: '',
    name: '',
    timeZone: undefined,
    currency: undefined,
    account: '',
    terms: false,
  };

  const payload = (form) => ({
    company_info: {
      company_name: form.company,
      registered_area: form.country,
      industry: form.industry || '',
    },
    contact_info: { contact_name: form.contact, phone: form.phone },
    business_center_info: {
      business_center_name: form.name,
      timezone: form.timeZone,
      payment_currency: form.currency,
      business_center_type: TYPE[form.kind || 'advertiser'],
    },
    account_info: { account_name: form.account },
    qualification_info: { website: form.website },
  });

  const problems = (form, which) => {
    const found = {};
    for (const name of NEEDED[which])
      if (!String(form[name] || '').trim()) found[name] = t('registration.required');
    if (which === 'combined' && !form.terms) found.terms = t('registration.termsRequired');
    return found;
  };

  // The two-step page and the overview are both seen after a registration.
  const leave = (made) => {
    const twoStep = BC.axis('two_step_page') === 'yes';
    const path = twoStep ? '/two-step-verification' : BC.paths.overview;
    window.location.assign(`${path}?org_id=${made.org_id}&overviewfrom=bc_registration`);
  };

  const useForm = (which) => {
    const [form, setForm] = use.state(EMPTY);
    const [errors, setErrors] = use.state({});
    const [busy, setBusy] = use.state(false);
    const set = (part) => {
      setForm((now) => ({ ...now, ...part }));
      setErrors((now) => ({ ...now, ...Object.fromEntries(Object.keys(part).map((name) => [name, ''])) }));
    };
    const create = async () => {
      const found = problems(form, which);
      setErrors(found);
      if (Object.keys(found).length) return;
      const code = await BC.askCode('register');
      if (!code) return;
      setBusy(true);
      const made = await BC.attempt(() => BC.post(CREATE, { ...payload(form), ...code }));
      setBusy(false);
      if (made) leave(made);
    };
    return { form, errors, busy, set, create };
  };

  const TextField = ({ state, name, label, hint }) =>
    h(
      BC.Field,
      { label: t(`registration.${label}`), required: true, error: state.errors[name] },
      h(K.Input, {
        value: state.form[name],
        placeholder: t(`registration.${hint}`),
        onChange: (event) => state.set({ [name]: event.target.value }),
      })
    );

  const ChoiceField = ({ state, name, label, hint, options, search = true }) =>
    h(
      BC.Field,
      { label: t(`registration.${label}`), required: true, error: state.errors[name] },
      h(
        K.Select,
        {
          value: state.form[name],
          placeholder: t(`registration.${hint}`),
          searchable: search,
          searchPlaceholder: t('registration.search'),
          onChange: (value) => state.set({ [name]: value }),
        },
        options.map(({ value, label: shown }) => h(K.Select.Option, { key: value, value, label: shown }))
      )
    );

  const IndustryField = ({ state, options }) =>
    h(
      BC.Field,
      { label: t('registration.industry'), required: true, error: state.errors.industry },
      h(K.Cascader, {
        datasource: options,
        value: state.form.industry,
        placeholder: t('registration.industryHint'),
        onChange: (industry) => state.set({ industry }),
      })
    );

  const Country = ({ state, options }) =>
    h(ChoiceField, {
      state,
      name: 'country',
      label: 'country',
      hint: 'countryHint',
      options: options.countries,
    });
  const Company = ({ state }) =>
    h(TextField, { state, name: 'company', label: 'legalName', hint: 'legalNameHint' });
  const Name = ({ state }) => h(TextField, { state, name: 'name', label: 'bcName', hint: 'bcNameHint' });
  const ZoneAndCurrency = ({ state, options }) => [
    h(ChoiceField, {
      key: 'zone',
      state,
      name: 'timeZone',
      label: 'timeZone',
      hint: 'timeZoneHint',
      options: options.time_zones,
    }),
    h(ChoiceField, {
      key: 'currency',
      state,
      name: 'currency',
      label: 'currency',
      hint: 'currencyHint',
      options: options.currencies,
      search: false,
    }),
  ];

  const Card = ({ state, kind }) => {
    const chosen = state.form.kind === kind;
    const style = {
      border: `1px solid ${chosen ? '#1a66ff' : '#ccc'}`,
      padding: 16,
      cursor: 'pointer',
      flex: 1,
    };
    return h(
      'div',
      {
        className: `style_bc_type_item__9aF2c${chosen ? ' style_active__k3Qx1' : ''}`,
        style,
        onClick: () => state.set({ kind }),
      },
      h('p', { className: 'text-14 font-medium text-neutral-highOnSurface' }, t(`registration.${kind}`)),
      h('p', null, t(`registration.${kind}Hint`))
    );
  };

  const Kind = ({ state }) =>
    h(
      BC.Field,
      { label: t('registration.type'), required: true, error: state.errors.kind },
      h(
        'div',
        { className: 'style_bc_type_selector_wrapper__x7Kd0', style: { display: 'flex', gap: 16 } },
        h(Card, { state, kind: 'advertiser' }),
        h(Card, { state, kind: 'agency' })
      )
    );

  const Create = ({ state }) =>
    h(
      K.Button,
      { type: 'primary', size: 'lg', loading: state.busy, onClick: state.create },
      t('registration.create')
    );

  const Page = ({ children }) =>
    h(
      'div',
      { style: { maxWidth: 680, margin: '24px auto', padding: 32, background: '#fff' } },
      h('h2', null, t('registration.title')),
      children
    );

  const OldForm = ({ options }) => {
    const state = useForm('old');
    return h(
      Page,
      null,
      h(Kind, { state }),
      h(Country, { state, options }),
      h(Company, { state }),
      h(Name, { state }),
      h(ZoneAndCurrency, { state, options }),
      h(Create, { state })
    );
  };

  const Terms = ({ state }) =>
    h(
      BC.Field,
      { label: ' ', error: state.errors.terms },
      h(
        K.Checkbox,
        { checked: state.form.terms, onChange: (event) => state.set({ terms: event.target.checked }) },
        t('registration.terms')
      )
    );

  const CombinedForm = ({ options }) => {
    const state = useForm('combined');
    return h(
      Page,
      null,
      h('h3', null, t('registration.section.business')),
      h(Company, { state }),
      h(Country, { state, options }),
      h(IndustryField, { state, options: options.industries }),
      h(TextField, { state, name: 'contact', label: 'contact', hint: 'contactHint' }),
      h(TextField, { state, name: 'phone', label: 'phone', hint: 'phoneHint' }),
      h(TextField, { state, name: 'website', label: 'website', hint: 'websiteHint' }),
      h('h3', null, t('registration.section.bc')),
      h(Name, { state }),
      h(ZoneAndCurrency, { state, options }),
      h('h3', null, t('registration.section.account')),
      h(TextField, { state, name: 'account', label: 'account', hint: 'accountHint' }),
      h(Terms, { state }),
      h(Create, { state })
    );
  };

  // Sends the visitor on to the form the site wants it to use.
  const useRedirect = (mine, wanted) => {
    use.effect(() => {
      if (mine !== wanted) window.location.replace(`${wanted}${window.location.search}`);
    }, []);
    return mine !== wanted;
  };

  const registration =
    (mine, Form) =>
    ({ params }) => {
      const old = BC.axis('registration') === 'old' || (mine === OLD && params.others === 'no_new_flow');
      const away = useRedirect(mine, old ? OLD : COMBINED);
      const [options, setOptions] = use.state(null);
      use.effect(() => {
        if (!away)
          BC.attempt(() => BC.get('/api/v3/bm/bp/options/')).then((data) => data && setOptions(data));
      }, []);
      if (!options) return h(K.Loading, { loading: true }, h('div', { className: 'si-blank' }));
      return h(BC.R.Fragment, null, h(Form, { options }), h(BC.CodeHost));
    };

  const title = () => t('registration.title');
  BC.screen(OLD, registration(OLD, OldForm), { title, bare: true });
  BC.screen(COMBINED, registration(COMBINED, CombinedForm), { title, bare: true });
})();
