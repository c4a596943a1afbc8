// A form that asks for more than its captions say, or has something chosen already.
(() => {
  'use strict';
  const { h, K, use } = BC;
  const G = BC.gallery;
  const option = (text) => h(K.Select.Option, { key: text, value: text, label: text });

  // finance: given (Manager ticked beforehand), collapsed (shown once its heading was clicked); declare: marked (as
  // required), said (only after the click); hinted (a select known by its placeholder alone, its caption unknown).
  G.asked = ({ params }) => {
    const [form, setForm] = use.state({
      email: '', role: undefined, zone: undefined, declared: false,
      finance: params.finance === 'given' ? ['Finance Manager'] : [],
    });
    const [error, setError] = use.state('');
    const [open, setOpen] = use.state(params.finance !== 'collapsed');
    const set = (part) => setForm((old) => ({ ...old, ...part }));
    const declare = () => {
      if (params.declare && !form.declared) { setError('This field is required.'); return; }
      BC.post('/api/v2/bm/admin/user/invite/', { email_list: [form.email], org_role: 2, lang: 'en' });
    };
    return h('div', null,
      h(BC.Field, { label: 'Email', required: true },
        h(K.Input, { value: form.email, onChange: (event) => set({ email: event.target.value }) })),
      h(BC.Field, { label: 'Role', required: true },
        h(K.RadioGroup, { value: form.role, onChange: (role) => set({ role }) },
          ['Admin', 'Standard'].map((text) => h(K.RadioGroup.Radio, { key: text, value: text }, text)))),
      params.finance && h('p', { className: 'heading', onClick: () => setOpen(true) }, 'Advanced Permissions'),
      params.finance && open && h(K.CheckGroup, { value: form.finance, onChange: (finance) => set({ finance }) },
        ['Finance Manager', 'Finance Analyst'].map((text) => h(K.CheckGroup.Checkbox, { key: text, value: text }, text))),
      params.hinted && h(BC.Field, { label: 'Where the clock is' },
        h(K.Select, { value: form.zone, placeholder: 'Select a time zone', onChange: (zone) => set({ zone }) },
          ['(UTC-05:00) New York Time', '(UTC+00:00) London Time'].map(option))),
      params.declare && h(BC.Field, { label: ' ', required: params.declare === 'marked', error },
        h(K.Checkbox, { checked: form.declared, onChange: (event) => set({ declared: event.target.checked }) },
          'I declare that what I filled in is right')),
      h(BC.Primary, { onClick: declare }, 'Confirm'));
  };
})();
