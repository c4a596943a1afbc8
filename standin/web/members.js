// The Members screen: who belongs to this Business Center and who was invited.
(() => {
  'use strict';
  const { h, K, use, t } = BC;

  const roleWords = (member) =>
    [t(`members.role.${member.role}`), member.finance_role && t(`members.finance.row.${member.finance_role}`)]
      .filter(Boolean)
      .join(',');

  const STATUS_TAG = { active: 'success', pending: 'default', suspended: 'warning' };

  const Status = ({ member }) =>
    h(K.Tag, { type: STATUS_TAG[member.status] }, t(`members.status.${member.status}`));

  const columns = (open) => allColumns(open).filter(({ key }) => key !== 'email' || BC.axis('row_ids') === 'yes');
  const allColumns = (open) => [
    { key: 'user_name', title: t('members.column.username'), render: (row) => row.user_name || '-' },
    { key: 'status', width: 190, title: t('members.column.status'), render: (row) => h(Status, { member: row }) },
    {
      key: 'email',
      title: t('members.column.email'),
      width: 280,
      // Only an invitation is opened by its address (help page "Add users", Aug 2024).
      render: (row) =>
        row.status === 'pending'
          ? h(K.Link, { onClick: () => open(row) }, BC.tagged(row.email))
          : h('div', null, BC.tagged(row.email)),
    },
    { key: 'role', width: 200, title: t('members.column.role'), render: roleWords },
    { key: 'asset_count', title: t('members.column.assets'), render: (row) => String(row.asset_count) },
    {
      key: 'action',
      title: t('members.column.action'),
      render: (row) => h(BC.Actions, { actions: [[t('members.view'), { onClick: () => open(row) }]] }),
    },
  ];

  const Fact = ({ name, children }) => h(BC.Field, { label: name }, h('span', null, children));

  const AssignedAccounts = ({ member }) => {
    const list = BC.useSearched('user/assets/', { user_id: member.user_id });
    const assigned = [
      {
        key: 'name',
        title: t('members.accounts.name'),
        width: 260,
        render: (row) => h(BC.AccountName, { account: row }),
      },
      { key: 'level', title: t('members.permission'), render: (row) => t(`members.level.${row.level}`) },
    ];
    return h(
      'div',
      null,
      h('h3', null, t('members.assigned', { n: list.total ?? list.rows.length })),
      (list.rows.length > 0 || BC.axis('assigned') === 'table') &&
        h(BC.SearchedList, { list, columns: assigned, axis: 'members_table' }),
    );
  };

  // The two things one can do with an invitation that nobody has accepted yet.
  const InvitationActions = ({ member, onDone }) => {
    const [asking, setAsking] = use.useState(false);
    const sending = BC.useSending();
    if (member.status !== 'pending' || BC.me.role !== 'admin') return null;
    const act = (path, after) =>
      sending.send(path, { user_id: member.user_id, email: member.email }, () => {
        BC.toast('success', t(after));
        onDone();
      });
    return h(
      BC.R.Fragment,
      null,
      h(
        BC.Confirm,
        {
          title: t('members.cancel_sure'),
          visible: asking,
          onClose: () => setAsking(false),
          onOk: () => act('admin/user/cancel_invite/', 'members.cancelled'),
        },
        member.email,
      ),
      h(
        K.Button,
        { disabled: sending.busy, onClick: () => setAsking(true) },
        t('members.cancel_invitation'),
      ),
      h(
        K.Button,
        {
          type: 'primary',
          loading: sending.busy,
          onClick: () => act('admin/user/resend_invite/', 'members.resent'),
        },
        t('members.resend'),
      ),
    );
  };

  const Details = ({ member, visible, onClose, onDone }) =>
    h(
      BC.Surface,
      {
        title: t('members.details'),
        visible,
        onClose,
        footer: h(InvitationActions, { member, onDone }),
      },
      h(Fact, { name: t('members.column.username') }, member.user_name || '-'),
      h(Fact, { name: t('members.column.email') }, member.email),
      h(Fact, { name: t('members.column.status') }, h(Status, { member })),
      h(Fact, { name: t('members.column.role') }, roleWords(member)),
      h(AssignedAccounts, { member }),
    );

  const Head = ({ list, onInvite }) =>
    h(
      'div',
      null,
      h('h2', null, t('members.title')),
      h(
        'div',
        { className: 'si-toolbar' },
        BC.axis('search') === 'yes' &&
          h(BC.SearchBox, { list, placeholder: t('members.search') }),
        // A Standard member sees the list but may not invite (help page on roles).
        BC.me.role === 'admin' &&
          h(K.Button, { type: 'primary', onClick: onInvite }, t('members.invite')),
      ),
    );

  // A drawer that is closed stays in the document, of full size.
  const Panel = () =>
    h(
      K.Drawer,
      { show: false, placement: 'right', width: 420, header: t('members.invite') },
      h(K.Loading, { type: 'block', show: true }, h(K.Button, { type: 'primary' }, t('members.invite')))
    );

  const Members = () => {
    const list = BC.useSearched('user/list/', {}, BC.axis('list_style'));
    const dialog = BC.useDialog();
    const shown = {
      key: dialog.turn,
      visible: dialog.visible,
      onClose: dialog.close,
      onDone: () => {
        dialog.close();
        list.reload();
      },
    };
    const over = dialog.what
      ? h(Details, { ...shown, member: dialog.what })
      : h(BC.InviteMember, shown);
    if (dialog.visible && BC.axis('surface') === 'page') return over;
    return h(
      'div',
      null,
      h(Head, { list, onInvite: () => dialog.open() }),
      BC.axis('panel') === 'closed' && h(Panel),
      h(BC.SearchedList, { list, columns: BC.arranged(columns(dialog.open)), axis: 'members_table', rowKey: 'user_id' }),
      dialog.turn > 0 && over,
    );
  };

  BC.screen(BC.paths.members, Members, { title: t('members.title') });
})();
