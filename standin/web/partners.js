// The Partners screen: the other Business Centers this one works with, and their requests.
(() => {
  'use strict';
  const { h, K, use, t } = BC;
  const STATUS_TAG = { active: 'success', requested: 'default', declined: 'warning' };
  const Status = ({ status }) => h(K.Tag, { type: STATUS_TAG[status] }, t(`partners.status.${status}`));
  const text = (key, title) => ({ key, title: t(`partners.column.${title}`), render: (row) => row[key] });
  const status = {
    key: 'status',
    title: t('partners.column.status'),
    width: 220,
    render: (row) => h(Status, { status: row.status }),
  };
  const openPartner = (row) => BC.go(`${BC.paths.partners}/detail`, { partner_id: row.partner_id });

  const named = () => {
    const id = { ...text('partner_id', 'id'), width: 220 };
    const name = { ...text('partner_name', 'name'), width: 240, render: (row) => BC.tagged(row.partner_name) };
    return [name, ...(BC.axis('row_ids') === 'yes' ? [id] : [])];
  };

  const PartnerList = ({ list }) =>
    h(BC.SearchedList, {
      list,
      rowKey: 'partner_id',
      axis: 'partners_table',
      columns: BC.arranged([
        ...named(),
        status,
        {
          key: 'action',
          title: t('partners.column.action'),
          render: (row) => h(BC.Actions, { actions: [[t('partners.view'), { onClick: () => openPartner(row) }]] }),
        },
      ]),
    });

  // Who stands in a block of its own, and what more is said of them there.
  const Block = ({ row, children }) =>
    h(
      'div',
      { className: 'si-block' },
      h('div', null, BC.tagged(row.partner_name)),
      BC.axis('row_ids') === 'yes' && h('div', { className: 'si-dim' }, t('core.id', { id: row.partner_id })),
      children,
    );

  // Each partner in a block of its own, under a pager.
  const PartnerBlocks = ({ list }) =>
    h(
      'div',
      { className: 'si-blocks' },
      list.rows.map((row) =>
        h(Block, { key: row.partner_id, row }, [
          h(Status, { key: 'status', status: row.status }),
          h(BC.Actions, { key: 'actions', actions: [[t('partners.view'), { onClick: () => openPartner(row) }]] }),
        ]),
      ),
      h(BC.Pager, { ...list, onPage: list.setPage, onLimit: list.setLimit }),
    );

  // Each request in a block of its own, with two buttons.
  const RequestBlocks = ({ list, accept, open }) => {
    const buttons = (row) =>
      row.direction === 'received'
        ? [['decline', () => {}], ['accept', () => accept(row)]]
        : [['cancel_request', () => {}], ['view', () => open(row)]];
    return h(
      'div',
      { className: 'si-blocks' },
      list.rows.map((row) =>
        h(Block, { key: row.partner_id, row }, [
          h('div', { key: 'direction' }, t(`partners.request.${row.direction}`)),
          ...buttons(row).map(([word, onClick]) => h(K.Button, { key: word, onClick }, t(`partners.${word}`))),
        ]),
      ),
    );
  };

  const Requests = ({ onAccepted }) => {
    const list = BC.useSearched('partner/requests/', {}, BC.axis('list_style'));
    const sending = BC.useSending();
    const accept = (row) =>
      sending.send('partner/request/accept/', { partner_id: row.partner_id }, () => {
        BC.toast('success', t('partners.accepted'));
        list.reload();
        onAccepted();
      });
    const action = (row) =>
      row.direction === 'received' && row.status === 'requested' && BC.me.role === 'admin'
        ? h(K.Link, { onClick: () => accept(row) }, t('partners.accept'))
        : '-';
    if (BC.axis('requests_tab') === 'blocks') return h(RequestBlocks, { list, accept, open: openPartner });
    const direction = (row) => t(`partners.request.${row.direction}`);
    return h(BC.SearchedList, {
      list,
      rowKey: 'partner_id',
      axis: 'partners_table',
      columns: [
        ...named(),
        { key: 'direction', title: t('partners.column.kind'), render: direction },
        status,
        { key: 'action', title: t('partners.column.action'), render: action },
      ],
    });
  };

  // First step of adding a partner: its id, looked up before anything is chosen.
  const IdStep = ({ id, setId, error }) =>
    h(
      BC.Field,
      { label: t('partners.id'), required: true, error, hinted: true },
      h(K.Input, {
        width: 360,
        value: id,
        placeholder: t('partners.id.placeholder'),
        onChange: (event) => setId(event.target.value),
      }),
    );

  const PartnerFact = ({ partner }) =>
    h(
      BC.Field,
      { label: t('partners.partner') },
      h('div', null, partner.partner_name),
      h('div', { className: 'si-dim' }, t('core.id', { id: partner.partner_id })),
    );

  const Buttons = ({ isFirst, isLast, busy, actions }) => {
    const button = (word, onClick, props) =>
      h(K.Button, { key: word, onClick, disabled: busy, ...props }, t(`partners.${word}`));
    const primary = { type: 'primary', loading: busy };
    return h(
      BC.R.Fragment,
      null,
      BC.ordered([
        isFirst ? button('cancel', actions.cancel) : button('back', actions.back),
        isLast ? button('confirm', actions.confirm, primary) : button('next', actions.next, primary),
      ]),
    );
  };

  // What the sharing form needs before it may be sent; in 2026 a partner may be added without accounts.
  const addProblem = (grant, parts) => {
    const nothing = !Object.keys(grant.accounts).length;
    if (nothing && BC.edition === '2026') return '';
    return BC.grantProblem(grant, parts);
  };
  const GRANT = ['accounts', 'level'];
  const steps = () =>
    BC.steps([['id'], GRANT], { one: [['id', ...GRANT]], two: [['id'], GRANT], three: [['id'], ['accounts'], ['level']] });

  const AddPartner = ({ visible, onClose, onDone }) => {
    const [id, setId] = use.useState('');
    const [partner, setPartner] = use.useState(null);
    const [grant, setGrant] = use.useState(BC.emptyGrant);
    const [error, setError] = use.useState('');
    const sending = BC.useSending('share');
    const extras = BC.useExtras('share');
    const all = steps();
    const [at, setAt] = use.useState(0);
    const step = all[at];
    const isFirst = at === 0;
    const isLast = at === all.length - 1;
    // Resolves to the partner with the id that was typed, or to nothing.
    const lookUp = async () => {
      if (!id.trim()) return setError(t('partners.error.id_empty'));
      const look = () => BC.get('/api/v2/bm/partner/lookup/', { partner_id: id.trim() });
      const found = await BC.attempt(look, { onError: setError });
      if (!found) return undefined;
      setError('');
      setPartner(found);
      return found;
    };
    const next = async () => {
      if (step.includes('id') && !(await lookUp())) return undefined;
      const problem = step.includes('accounts') && addProblem(grant, step);
      return problem ? BC.toast('error', problem) : setAt(at + 1);
    };
    const confirm = async () => {
      if (!extras.good()) return undefined;
      const problem = addProblem(grant, GRANT);
      if (problem) return BC.toast('error', problem);
      const found = step.includes('id') ? await lookUp() : partner;
      if (!found) return undefined;
      const body = { partner_id: found.partner_id, ...BC.grantBody(grant), ...extras.body() };
      return sending.send('partner/add/', body, (data) => {
        BC.toast('success', t(data.status === 'active' ? 'partners.added' : 'partners.requested'));
        onDone();
      });
    };
    const actions = { cancel: onClose, next, back: () => setAt(at - 1), confirm };
    return h(
      BC.Surface,
      {
        title: t('partners.add'),
        visible,
        onClose,
        footer: h(Buttons, { isFirst, isLast, busy: sending.busy, actions }),
      },
      step.includes('id') ? h(IdStep, { id, setId, error }) : h(PartnerFact, { partner }),
      step.includes('id') && extras.fields,
      (step.includes('accounts') || step.includes('level')) &&
        h(BC.GrantForm, { grant, parts: step, onChange: setGrant, place: 'add' }),
      isLast && extras.boxes,
    );
  };

  const Head = ({ list, onAdd }) =>
    h(
      'div',
      null,
      h('h2', null, t('partners.title')),
      h(
        'div',
        { className: 'si-toolbar' },
        BC.axis('search') === 'yes' &&
          h(BC.SearchBox, { list, placeholder: t('partners.search') }),
        BC.me.role === 'admin' && h(K.Button, { type: 'primary', onClick: onAdd }, t('partners.add')),
      ),
    );

  const Partners = () => {
    const blocks = BC.axis('partners_style') === 'blocks';
    const list = BC.useSearched('partner/list/', {}, blocks ? 'paged' : BC.axis('list_style'));
    const dialog = BC.useDialog();
    const add = h(AddPartner, {
      key: dialog.turn,
      visible: dialog.visible,
      onClose: dialog.close,
      onDone: () => {
        dialog.close();
        list.reload();
      },
    });
    if (dialog.visible && BC.axis('surface') === 'page') return add;
    return h(
      'div',
      null,
      h(Head, { list, onAdd: () => dialog.open() }),
      h(
        K.Tabs,
        { defaultActiveId: 'partners', lazy: true },
        h(K.Tabs.Item, { id: 'partners', tab: t('partners.tab.partners') }, h(blocks ? PartnerBlocks : PartnerList, { list })),
        h(
          K.Tabs.Item,
          { id: 'requests', tab: t('partners.tab.requests') },
          h(Requests, { onAccepted: list.reload }),
        ),
      ),
      dialog.turn > 0 && add,
    );
  };

  BC.screen(BC.paths.partners, Partners, { title: t('partners.title') });
})();
