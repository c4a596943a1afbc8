// Registration of a Business Center: an older form with two cards, and a newer one that makes the
// first ad account as well. Which one a visitor gets is the site's choice; `others=no_new_flow` forces the older.
(() => {
  const { h, K, t, use } = BC;
  const OLD = '/self-serve-bc/registration';
  const COMBINED = '/account/create';
  const TextField = ({ state, name, label, hint }) =>
    h(
      BC.Field,
      { label: t(`registration.${label}`), required: true, error: state.errors[name], hinted: true },
      h(K.Input, {
        value: state.form[name],
        placeholder: t(`registration.${hint}`),
        onChange: (event) => state.set({ [name]: event.target.value }),
      })
    );

  const ChoiceField = ({ state, name, label, hint, options, search = true }) =>
    h(
      BC.Field,
      { label: t(`registration.${label}`), required: true, error: state.errors[name], hinted: true },
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
      { label: t('registration.industry'), required: true, error: state.errors.industry, hinted: true },
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
    const border = { border: `1px solid ${chosen ? '#1a66ff' : '#ccc'}` };
    const look = BC.cardLook(chosen, { name: 'style_bc_type_item__9aF2c', active: 'style_active__k3Qx1' });
    const pointed = BC.axis('card_mark') === 'class' && { cursor: 'pointer', ...border };
    return h(
      'div',
      {
        ...look,
        style: { padding: 16, flex: 1, ...look.style, ...pointed },
        onClick: () => state.set({ kind }),
      },
      h('p', { className: 'text-14 font-medium text-neutral-highOnSurface' }, t(`registration.${kind}`)),
      h('p', null, t(`registration.${kind}Hint`)),
      h(BC.CardTick, { chosen })
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

  const Buttons = ({ state }) => {
    const button = (key, word, onClick, props) => h(K.Button, { key, size: 'lg', onClick, ...props }, t(word));
    const go = state.isLast
      ? button('create', 'registration.create', state.create, { type: 'primary', loading: state.busy })
      : button('next', 'core.next', state.next, { type: 'primary' });
    const all = state.isFirst ? [go] : [button('back', 'core.back', state.back), go];
    return h(BC.PageFoot, null, BC.ordered(all));
  };

  const Page = ({ state, children }) => {
    const atTop = BC.axis('send_place') === 'top';
    return h(
      'div',
      { style: { maxWidth: 680, margin: '24px auto', padding: 32, background: '#fff' } },
      h('h2', null, t('registration.title')),
      atTop && h(Buttons, { state }),
      children,
      state.isFirst && state.extras.fields,
      state.isLast && state.extras.boxes,
      !atTop && h(Buttons, { state })
    );
  };

  const OldForm = ({ options }) => {
    const state = BC.useRegistration('old');
    return h(
      Page,
      { state },
      state.asks('kind') && h(Kind, { state }),
      state.asks('country') && h(Country, { state, options }),
      state.asks('company') && h(Company, { state }),
      state.asks('name') && h(Name, { state }),
      state.asks('timeZone') && h(ZoneAndCurrency, { state, options })
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
    const state = BC.useRegistration('combined');
    return h(
      Page,
      { state },
      state.asks('company') && [
        h('h3', { key: 'business' }, t('registration.section.business')),
        h(Company, { key: 'company', state }),
        h(Country, { key: 'country', state, options }),
        h(IndustryField, { key: 'industry', state, options: options.industries }),
        h(TextField, { key: 'contact', state, name: 'contact', label: 'contact', hint: 'contactHint' }),
        h(TextField, { key: 'phone', state, name: 'phone', label: 'phone', hint: 'phoneHint' }),
        h(TextField, { key: 'website', state, name: 'website', label: 'website', hint: 'websiteHint' }),
      ],
      state.asks('name') && [
        h('h3', { key: 'bc' }, t('registration.section.bc')),
        h(Name, { key: 'name', state }),
        h(ZoneAndCurrency, { key: 'zone', state, options }),
      ],
      state.asks('account') && [
        h('h3', { key: 'first' }, t('registration.section.account')),
        h(TextField, { key: 'account', state, name: 'account', label: 'account', hint: 'accountHint' }),
        h(Terms, { key: 'terms', state }),
      ]
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
