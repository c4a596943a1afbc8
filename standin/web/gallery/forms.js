// The kit's form: each kind of control in the kit's own row.
(() => {
  'use strict';
  const { h, K, use } = BC;
  const G = BC.gallery;

  const options = (texts) => texts.map((text) => h(K.Select.Option, { key: text, value: text, label: text }));
  const ZONES = ['(UTC-05:00) New York Time', '(UTC-03:00) Sao Paulo Time', '(UTC+00:00) London Time'];
  const COUNTRIES = ['United States', 'United States Minor Outlying Islands', 'Germany', 'Türkiye', 'Việt Nam'];
  const industries = (count) =>
    Array.from({ length: count }, (_, at) => ({
      value: `group-${at}`,
      label: `Group ${at}`,
      children: Array.from({ length: 40 }, (__, leaf) => ({ value: `${at}-${leaf}`, label: `Trade ${at}.${leaf}` })),
    }));

  // A label with an explanation below it, inside the same label.
  const Explained = ({ word, children }) =>
    h('span', null, h('div', null, word), h('div', { className: 'si-dim' }, children));

  const ROLES = { admin: 'May do everything, even invite.', standard: 'Sees what is assigned.' };
  const WORD = { admin: 'Admin', standard: 'Standard' };
  const roles = (Radio) =>
    Object.entries(ROLES).map(([role, text]) =>
      h(Radio, { key: role, value: role }, h(Explained, { word: WORD[role] }, text)),
    );

  G.form = ({ params }) => {
    const [form, setForm] = use.state({ chips: [], accounts: [], notify: false });
    const set = (name) => (value) => setForm((old) => ({ ...old, [name]: value }));
    const typed = (name) => (event) => set(name)(event.target.value);
    const fields = [
      h(BC.Field, { key: 1, label: 'Email', required: true, error: params.error },
        h(K.Input, { value: form.email, placeholder: 'Enter email', onChange: typed('email') })),
      h(BC.Field, { key: 2, label: 'Company name' },
        h(K.TextArea, { value: form.company, placeholder: 'Please enter', onChange: typed('company') })),
      h(BC.Field, { key: 3, label: 'Country/Region', required: true, hint: 'Where the business is registered' },
        h(K.Select, { value: form.country, placeholder: 'Please select', onChange: set('country') }, options(COUNTRIES))),
      h(BC.Field, { key: 4, label: 'Time zone (optional)' },
        h(K.Select, { value: form.zone, searchable: true, searchPlaceholder: 'Search', onChange: set('zone') },
          options(ZONES))),
      h(BC.Field, { key: 5, label: 'Advertiser accounts' },
        h(K.MultipleSelect, { value: form.accounts, onChange: set('accounts') }, options(['Acc A', 'Acc B', 'Acc C']))),
      h(BC.Field, { key: 6, label: 'Industry' },
        h(K.Cascader, { datasource: industries(60), value: form.industry, onChange: set('industry') })),
      h(BC.Field, { key: 7, label: 'Role', required: true },
        h(K.RadioGroup, { value: form.role, onChange: set('role') }, roles(K.RadioGroup.Radio))),
      h(BC.Field, { key: 8, label: 'Notify owner' },
        h(K.Switch, { checked: form.notify, onChange: () => set('notify')(!form.notify) })),
      h(BC.Field, { key: 9, label: 'Contact name' },
        h(K.MultipleInput, { value: form.chips, placeholder: 'Please enter', onChange: set('chips') })),
      h(K.Checkbox, { key: 10, checked: form.terms, onChange: (event) => set('terms')(event.target.checked) },
        h('span', null, 'I agree to ', h('a', { href: '#terms' }, 'the terms of service of this site, all of them'))),
    ];
    const footer = h(BC.Primary, { onClick: () => {} }, 'Confirm');
    return h(BC.Surface, { title: 'A form', visible: true, surface: params.surface || 'page', footer }, fields);
  };

  G.preset = () =>
    h('div', null,
      h(BC.Field, { label: 'Time zone' }, h(K.Select, { value: 'a' }, h(K.Select.Option, { value: 'a', label: 'Mars Time' }))),
      h(BC.Field, { label: 'Email' }, h(K.Input, { value: 'fixed@client.example', onChange: () => {} })),
      h(BC.Field, { label: 'Contact name' }, h(K.Input, { maxLength: 5, defaultValue: '' })),
      h(BC.Field, { label: 'Role' },
        h(K.RadioGroup, { value: 'standard' },
          h(K.RadioGroup.Radio, { value: 'admin', disabled: true }, 'Admin'),
          h(K.RadioGroup.Radio, { value: 'standard' }, 'Standard'))),
      h(BC.Field, { label: 'Currency' },
        h(K.Select, { onChange: () => {} },
          h(K.Select.Option, { value: 'a', label: 'USD', disabled: true }),
          h(K.Select.Option, { value: 'o', label: 'EUR' }))),
      h(BC.Plain, { disabled: true }, 'Cancel'),
      h(BC.Primary, { loading: true }, 'Confirm'));

  // Options told apart by their words: the same twice, counts, Turkish capitals, letters and accents apart.
  G.words = ({ params }) => {
    const [value, setValue] = use.state();
    const texts = JSON.parse(params.options || '["Operator (3)", "Analyst"]');
    return h(BC.Field, { label: params.label || 'Access permission' },
      h(K.Select, { value, onChange: setValue },
        texts.map((text, at) => h(K.Select.Option, { key: at, value: at, label: text }))));
  };
})();
