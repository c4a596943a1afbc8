// What is given to a partner: ad accounts, one permission for all of them, and by variant the
// question about the primary media agency. Used when adding a partner and when sharing more.
(() => {
  'use strict';
  const { h, K, use, t } = BC;

  BC.emptyGrant = () => ({ accounts: {}, level: '', primary: undefined });

  // Help page on media agency partnerships (2025): asked for Admin and Operator only.
  const asksPrimary = (grant) =>
    BC.edition === '2026' && ['admin', 'operator'].includes(grant.level);

  BC.grantProblem = (grant, parts = ['accounts', 'level']) => {
    if (!Object.keys(grant.accounts).length) return t('partners.error.accounts');
    if (!parts.includes('level')) return '';
    if (!grant.level) return t('partners.error.permission');
    if (asksPrimary(grant) && grant.primary === undefined) return t('partners.error.primary');
    return '';
  };

  BC.grantBody = (grant) => ({
    asset_type: 1,
    asset_ids: Object.keys(grant.accounts),
    ...(grant.level && { advertiser_role: grant.level.toUpperCase() }),
    ...(asksPrimary(grant) && { primary_media_agency: grant.primary === 'yes' }),
  });

  const LevelField = ({ grant, onChange }) => {
    const choose = (level) => onChange({ ...grant, level });
    const levels = ['admin', 'operator', 'analyst'];
    return h(
      BC.Field,
      { label: t('partners.permission'), required: true },
      h(BC.Choice, {
        how: BC.styled('level_style', BC.axis('role_widget')),
        width: 160,
        value: grant.level || undefined,
        onChange: choose,
        options: levels.map((level) => [level, t(`partners.level.${level}`)]),
      }),
    );
  };

  const PrimaryField = ({ grant, onChange }) =>
    h(
      BC.Field,
      { label: t('partners.primary'), required: true },
      h(
        K.RadioGroup,
        { value: grant.primary, onChange: (primary) => onChange({ ...grant, primary }) },
        ['yes', 'no'].map((answer) =>
          h(K.RadioGroup.Radio, { key: answer, value: answer }, t(`partners.${answer}`)),
        ),
      ),
    );

  // `parts`: `accounts`, `level` or both.
  BC.GrantForm = ({ grant, parts, onChange }) =>
    h(
      'div',
      null,
      parts.includes('accounts') && h('h3', null, t('partners.assets')),
      parts.includes('accounts') && h(BC.AccountPicker, {
        area: 'partners',
        path: 'partner/shareable/',
        chosen: grant.accounts,
        onChange: (accounts) => onChange({ ...grant, accounts }),
        levels: false,
        firstLevel: 'all',
      }),
      parts.includes('level') && h(LevelField, { grant, onChange }),
      parts.includes('level') && asksPrimary(grant) && h(PrimaryField, { grant, onChange }),
    );
})();
