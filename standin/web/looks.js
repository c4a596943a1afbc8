// Looks that strangers have (axes of `STRANGE_AXES`): how one chooses, what forms ask besides, where buttons stand.
(() => {
  'use strict';
  const { h, K, use, t, axis } = BC;

  // The axis says `plain`, or how; what plain is depends on the place.
  BC.styled = (name, plainly) => (axis(name) === 'plain' ? plainly : axis(name));

  // --- choosing one of a few: options are [value, text] ---
  const radios = (Item, type) => ({ value, options, onChange }) =>
    h(K.RadioGroup, { value, onChange, ...(type && { type }) },
      options.map(([each, text]) => h(Item, { key: each, value: each }, text)));
  // How a card shows that it is the chosen one: by a class of this or another name, a border or a tick.
  BC.cardLook = (chosen, { name, active }) => {
    const mark = axis('card_mark');
    const style = mark === 'border' ? { border: `2px solid ${chosen ? '#1a66ff' : '#ccc'}` } : {};
    return { className: `${name}${chosen ? { class: ` ${active}`, hashed: ' style_an__q81zd' }[mark] || '' : ''}`, style };
  };
  BC.CardTick = ({ chosen }) => axis('card_mark') === 'tick' && chosen
    && h('svg', { width: 12, height: 12 }, h('path', { d: 'M1 6 L5 10 L11 2', stroke: '#1a66ff', fill: 'none' }));
  const ChoiceCards = ({ value, options, onChange }) =>
    h('div', { className: 'si-cards' }, options.map(([each, text]) =>
      h('div', {
        key: each, onClick: () => onChange(each),
        ...BC.cardLook(value === each, { name: 'account-type', active: 'account-type-chosen' }),
      }, h('p', { className: 'text-14 font-medium text-neutral-highOnSurface' }, text), h(BC.CardTick, { chosen: value === each }))));
  const ChoiceSelect = ({ value, options, placeholder, width, clearable, onChange }) =>
    h(K.Select, { value, placeholder, width, clearable, onChange },
      options.map(([each, label]) => h(K.Select.Option, { key: each, value: each, label })));
  const WIDGETS = {
    radio: radios(K.RadioGroup.Radio),
    segments: radios(K.RadioGroup.Button, 'button'),
    chips: radios(K.RadioGroup.Tag, 'tag'),
    cards: ChoiceCards,
    select: ChoiceSelect,
  };
  BC.Choice = ({ how, ...rest }) => h(WIDGETS[how], rest);

  // --- buttons ---
  // The buttons of a form in the order that they have, the one that leaves it first and with the key `cancel`.
  BC.ordered = (buttons) => {
    const kept = axis('close') === 'icon' ? buttons.filter((button) => button && button.key !== 'cancel') : buttons;
    return axis('send_side') === 'left' ? [...kept].reverse() : kept;
  };

  BC.CloseIcon = ({ onClick }) =>
    h('span', { className: 'si-close', onClick },
      h('svg', { width: 16, height: 16, viewBox: '0 0 16 16' },
        h('path', { d: 'M3 3 L13 13 M13 3 L3 13', stroke: 'currentColor', strokeWidth: 2 })));

  // --- what one can do with a row: [text, {onClick} or {href}] ---
  const asLink = ([text, what]) => h(K.Link, { key: text, ...what }, text);
  const asText = ([text, { href, onClick }]) =>
    h('span', { key: text, className: 'si-text-action', onClick: onClick || (() => window.open(href)) }, text);
  // What was searched for is marked in the rows that have it.
  const hit = (text) => {
    const at = axis('hits') === 'marked' && BC.sought ? text.toLowerCase().indexOf(BC.sought.toLowerCase()) : -1;
    const end = at + (BC.sought || '').length;
    return at < 0 ? [text] : [text.slice(0, at), h('mark', { key: 'hit' }, text.slice(at, end)), text.slice(end)];
  };
  // A mark right behind a text in the same element: a style parts the two, no blank does.
  const MARKS = { tag: 'New', count: '3' };
  BC.tagged = (text) => {
    const mark = MARKS[axis('beside')];
    return [...hit(text), mark && h('i', { key: 'tag', style: { marginLeft: 8, fontStyle: 'normal' } }, mark)];
  };
  BC.Actions = ({ actions }) => {
    if (axis('row_actions') === 'menu') {
      const items = actions.map(([text, { href, onClick }]) =>
        h(K.Dropdown.MenuItem, { key: text, id: text, onClick: onClick || (() => window.open(href)) }, text));
      return h(K.Dropdown, { trigger: 'click', menu: h(K.Dropdown.Menu, null, items) },
        h('span', { className: 'si-text-action' }, '\u22ef'));
    }
    const one = axis('row_actions') === 'text' ? asText : asLink;
    return h('div', { className: 'si-actions' }, actions.map(one));
  };

  // --- columns ---
  const since = (row) => `2025-0${1 + (String(row.user_name || row.name || row.partner_name || '').length % 9)}-14`;
  const EXTRA = [
    { key: 'since', render: since },
    { key: 'department', render: () => t('looks.department.marketing') },
    { key: 'remarks', render: () => '-' },
  ];
  BC.arranged = (columns) => {
    const extra = EXTRA.slice(0, Number(axis('extra_columns')));
    const more = extra.map(({ key, render }) => ({ key, title: t(`looks.column.${key}`), width: 150, render }));
    const all = [...columns.slice(0, -1), ...more, ...columns.slice(-1)];
    if (axis('columns') === 'reversed') return all.reverse();
    return axis('columns') === 'rotated' ? [...all.slice(-1), ...all.slice(0, -1)] : all;
  };

  // --- steps of a form: lists of what is on each of them ---
  BC.steps = (plain, { one, two, three }) => ({ plain, one, two, three })[axis('form_steps')];

  // --- what forms ask besides ---
  const FIELDS = { none: [], note: ['note'], nickname: ['nickname'], department: ['department'] };
  FIELDS.all = ['nickname', 'department', 'note'];
  const DEPARTMENTS = ['marketing', 'sales', 'finance'];

  const OptionalField = ({ name, value, onChange }) => {
    const typed = (event) => onChange(event.target.value);
    const width = 360;
    const widgets = {
      note: () => h(K.TextArea, { value, onChange: typed, style: { width } }),
      nickname: () => h(K.Input, { width, value, onChange: typed }),
      department: () =>
        h(ChoiceSelect, { width, value, onChange, placeholder: t('looks.department.hint'), options: DEPARTMENTS.map((each) => [each, t(`looks.department.${each}`)]) }),
    };
    return h(BC.Field, { label: t(`looks.${name}`) }, widgets[name]());
  };

  // `fields` are optional; `boxes` hold what may and what must be ticked. `good()` says whether the form may be sent.
  BC.useExtras = (form) => {
    const [values, setValues] = use.state({});
    const [error, setError] = use.state('');
    const declares = [form, 'all'].includes(axis('declaration'));
    const set = (part) => setValues((now) => ({ ...now, ...part }));
    const tick = (name) => (event) => {
      set({ [name]: event.target.checked });
      setError('');
    };
    const box = (name) =>
      h(K.Checkbox, { checked: Boolean(values[name]), onChange: tick(name) }, t(`looks.${name}`));
    const filled = Object.entries(values).filter(([name, value]) => value && name !== 'declaration');
    return {
      fields: FIELDS[axis('extra_fields')].map((name) =>
        h(OptionalField, { key: name, name, value: values[name], onChange: (value) => set({ [name]: value }) })),
      boxes: [
        axis('extra_boxes') === 'tips' && h(BC.Field, { key: 'tips', label: ' ' }, box('tips')),
        declares && h(BC.Field, { key: 'declaration', label: ' ', error }, box('declaration')),
      ],
      good: () => {
        const missing = declares && !values.declaration;
        setError(missing ? t('looks.required') : '');
        return !missing;
      },
      body: () => (filled.length ? { more: Object.fromEntries(filled) } : {}),
    };
  };
})();
