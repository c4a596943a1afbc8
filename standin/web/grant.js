// What is given to a partner: ad accounts, one permission for all of them, and by variant the
// question about the primary media agency. Used when adding a partner and when sharing more.
(() => {
  'use strict';
  const { h, K, use, t } = BC;

  BC.emptyGrant = () => ({ accounts: {}, level: '', primary: undefined });

  // Help page on media agency partnerships (2025): asked for Admin and Operator only.
  const asksPrimary = (grant) =>
    BC.edition === '2026' && ['admin', 'operator'].includes(grant.level);

  BC.grantProblem = (grant) => {
    if (!Object.keys(grant.accounts).length) return t('partners.error.accounts');
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
      BC.axis('role_widget') === 'select'
        ? h(BC.LevelSelect, { area: 'partners', value: grant.level || undefined, onChange: choose })
        : h(
            K.RadioGroup,
            { value: grant.level, onChange: choose },
            levels.map((level) =>
              h(K.RadioGroup.Radio, { key: level, value: level }, t(`partners.level.${level}`)),
            ),
          ),
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

  BC.GrantForm = ({ grant, onChange }) =>
    h(
      'div',
      null,
      h('h3', null, t('partners.assets')),
      h(BC.AccountPicker, {
        area: 'partners',
        path: 'partner/shareable/',
        chosen: grant.accounts,
        onChange: (accounts) => onChange({ ...grant, accounts }),
        levels: false,
        firstLevel: 'all',
      }),
      h(LevelField, { grant, onChange }),
      asksPrimary(grant) && h(PrimaryField, { grant, onChange }),
    );
})();
