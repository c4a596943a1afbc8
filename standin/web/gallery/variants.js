// The same controls as other screens may place them: captions above, several in one block, explained options.
(() => {
  'use strict';
  const { h, K, use } = BC;
  const G = BC.gallery;
  const option = (text) => h(K.Select.Option, { key: text, value: text, label: text });
  const Choice = ({ texts, ...rest }) => {
    const [value, setValue] = use.state();
    return h(K.Select, { value, onChange: setValue, ...rest }, texts.map(option));
  };
  const Text = (props) => {
    const [value, setValue] = use.state('');
    return h(K.Input, { value, onChange: (event) => setValue(event.target.value), ...props });
  };
  const Radios = ({ texts }) => {
    const [value, setValue] = use.state();
    return h(K.RadioGroup, { value, onChange: setValue },
      texts.map((text) => h(K.RadioGroup.Radio, { key: text, value: text }, text)));
  };

  // One block with plain captions above their controls, an asterisk in the text, hints below.
  G.plain = () =>
    h('div', null,
      h('p', null, 'Company name', h('span', { style: { color: 'red' } }, ' *')),
      h(Text, {}),
      h('p', { className: 'si-dim' }, 'As in the register of companies.'),
      h('p', null, 'Time zone:'),
      h('div', null, h(Choice, { texts: ['(UTC-05:00) New York Time', '(UTC+00:00) London Time'] })),
      h('p', null, 'Role'),
      h('div', null, h(Radios, { texts: ['Admin', 'Standard'] })),
      h('p', null, 'Website'),
      h(Text, { placeholder: 'https://' }));

  // Rows of the form under a heading; a telephone's country beside its number; a checkbox beside a text.
  G.headed = () =>
    h('div', null,
      h('h3', null, 'Company name'),
      h(BC.Field, { label: 'Street' }, h(Text, {})),
      h(BC.Field, { label: 'City' }, h(Text, {})),
      h('h3', null, 'Contact name and phone'),
      h(BC.Field, { label: 'Phone' },
        h('div', { style: { display: 'flex' } }, h(Choice, { texts: ['+1', '+49'], width: 90 }), h(Text, {}))),
      h(BC.Field, { label: 'Website' }, h(Text, {}), h(K.Checkbox, {}, 'I have none')));

  // Options with an explanation below, as the kit lets an option draw anything.
  G.explained = () => {
    const [value, setValue] = use.state();
    const row = (word, text) =>
      h(K.Select.Option, { key: word, value: word, label: word },
        h('div', null, h('div', null, word), h('div', { className: 'si-dim' }, text)));
    return h(BC.Field, { label: 'Access permission' },
      h('p', { className: 'si-dim' }, 'What the member may do with the account.'),
      h(K.Select, { value, onChange: setValue },
        row('Admin', 'Everything, even finance'), row('Operator', 'Ads, no finance'), row('Analyst', 'Reports')));
  };

  G.native = () =>
    h('div', null, h('label', null, 'Currency'),
      h('select', null, h('option', null, ''), h('option', null, 'USD'), h('option', null, 'EUR')));

  // A select that draws only the options in view.
  G.virtual = () => {
    const [open, setOpen] = use.state(false);
    const [value, setValue] = use.state('');
    const [top, setTop] = use.state(0);
    const p = BC.prefix;
    const first = Math.floor(top / 32);
    const drawn = Array.from({ length: 9 }, (_, at) => first + at).filter((at) => at < 100);
    const panel = h('div', { className: `${p}-popover ${p}-popover-show`, style: { position: 'fixed', top: 300, left: 300, background: '#fff' } },
      h('div', { className: `${p}-select-popover-panel` },
        h('div', { style: { height: 256, width: 200, overflowY: 'auto' }, onScroll: (event) => setTop(event.target.scrollTop) },
          h('div', { style: { height: 100 * 32, position: 'relative' } },
            drawn.map((at) => h('div', {
              key: at, 'data-type': 'select-option', style: { position: 'absolute', top: at * 32, height: 32, width: 180 },
              onClick: () => { setValue(`Company ${at}`); setOpen(false); },
            }, `Company ${at}`))))));
    return h(BC.Field, { label: 'Company name' },
      h('span', { className: `${p}-popper-trigger ${p}-select-input`, onClick: () => setOpen(!open) },
        h('input', { readOnly: true, value })),
      open && window.ReactDOM.createPortal(panel, document.body));
  };

  // Where ad accounts are ticked: `as` list, table or select; `level` row, all, told (as a text) or none.
  const ACCOUNTS = [['7200000000000000011', 'North'], ['7200000000000000029', 'North'], ['7200000000000000037', 'South']];
  const Level = ({ id }) => h('span', { className: `level-${id}` }, h(Choice, { texts: ['Admin', 'Operator', 'Analyst'], width: 140 }));
  const Tick = ({ id, children }) => {
    const [on, setOn] = use.state(false);
    return h('span', { className: `tick-${id}` },
      h(K.Checkbox, { checked: on, onChange: (event) => setOn(event.target.checked) }, children));
  };
  const asList = ({ level }) =>
    ACCOUNTS.map(([id, name]) =>
      h('div', { key: id, className: 'line', style: { display: 'flex', gap: 16 } },
        h(Tick, { id }, h('span', null, h('div', null, name), h('div', null, `ID: ${id}`))),
        level === 'row' && h(Level, { id })));
  const asTable = ({ level }) =>
    h(BC.List, {
      rows: ACCOUNTS.map(([id, name]) => ({ id, name })), total: 3, page: 1, onPage: () => {},
      columns: [
        { key: 'tick', title: '', width: 60, render: (row) => h(Tick, { id: row.id }) },
        { key: 'name', title: 'Account name', render: (row) => row.name },
        { key: 'id', title: 'Account ID', width: 240, render: (row) => row.id },
        ...(level === 'row' ? [{ key: 'level', title: 'Access permission', width: 180, render: (row) => h(Level, { id: row.id }) }] : []),
      ],
    });
  const asSelect = () => {
    const [value, setValue] = use.state([]);
    return h(BC.Field, { label: 'Advertiser accounts' },
      h(K.MultipleSelect, { value, onChange: setValue },
        ACCOUNTS.map(([id, name]) => h(K.Select.Option, { key: id, value: id, label: `${name} (${id})` }))));
  };
  G.picker = ({ params }) => {
    const draw = { list: asList, table: asTable, select: asSelect }[params.as || 'list'];
    return h('div', null,
      h(draw, { level: params.level || 'row' }),
      params.level === 'told' && h(BC.Field, { label: 'Access permission' }, h('span', null, params.told)),
      params.level === 'all' && h(BC.Field, { label: 'Access permission' }, h(Level, { id: 'all' })));
  };
})();
