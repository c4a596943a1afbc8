// What both registration forms ask for, on which steps, and how a Business Center is created with it.
(() => {
  const { t, use } = BC;
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

  // What each step asks for; `terms` is the last thing of the combined form.
  const BUSINESS = ['company', 'country', 'industry', 'contact', 'phone', 'website'];
  const CENTER = ['name', 'timeZone', 'currency'];
  const FIRST_ACCOUNT = ['account', 'terms'];
  const WHOLE = [...BUSINESS, ...CENTER, ...FIRST_ACCOUNT];
  const stepsOf = {
    old: () =>
      BC.steps([NEEDED.old], {
        one: [NEEDED.old],
        two: [['kind', 'country', 'company'], CENTER],
        three: [['kind'], ['country', 'company'], CENTER],
      }),
    combined: () =>
      BC.steps([WHOLE], {
        one: [WHOLE],
        two: [BUSINESS, [...CENTER, ...FIRST_ACCOUNT]],
        three: [BUSINESS, CENTER, FIRST_ACCOUNT],
      }),
  };

  const problems = (form, which, asked) => {
    const found = {};
    for (const name of NEEDED[which].filter((each) => asked.includes(each)))
      if (!String(form[name] || '').trim()) found[name] = t('registration.required');
    if (asked.includes('terms') && !form.terms) found.terms = t('registration.termsRequired');
    return found;
  };

  // The two-step page and the overview are both seen after a registration.
  const leave = (made) => {
    const twoStep = BC.axis('two_step_page') === 'yes';
    const path = twoStep ? '/two-step-verification' : BC.paths.overview;
    window.location.assign(`${path}?org_id=${made.org_id}&overviewfrom=bc_registration`);
  };

  // The state of a form (`old` or `combined`): what is filled in, at which step, and what it does.
  BC.useRegistration = (which) => {
    const [form, setForm] = use.state(EMPTY);
    const [errors, setErrors] = use.state({});
    const [busy, setBusy] = use.state(false);
    const set = (part) => {
      setForm((now) => ({ ...now, ...part }));
      setErrors((now) => ({ ...now, ...Object.fromEntries(Object.keys(part).map((name) => [name, ''])) }));
    };
    const all = stepsOf[which]();
    const [at, setAt] = use.state(0);
    const isLast = at === all.length - 1;
    const extras = BC.useExtras('register');
    const complete = () => {
      const found = problems(form, which, all[at]);
      setErrors(found);
      return Object.keys(found).length === 0;
    };
    const create = async () => {
      const filled = complete();
      if (!extras.good() || !filled) return;
      const code = await BC.askCode('register');
      if (!code) return;
      setBusy(true);
      const made = await BC.attempt(() => BC.post(CREATE, { ...payload(form), ...extras.body(), ...code }));
      setBusy(false);
      if (made) leave(made);
    };
    const next = () => complete() && setAt(at + 1);
    const back = () => setAt(at - 1);
    const asks = (...names) => names.some((name) => all[at].includes(name));
    return { form, errors, busy, set, create, next, back, asks, isFirst: at === 0, isLast, extras };
  };
})();
