// Signing up is a person's work; the page is only there so that the link leads somewhere.
ADS.show(ADS.el('div', { class: 'login-page' }, ADS.el('div', { class: 'login-card' }, ADS.el('h2', null, ADS.t('sign_up.heading')))));
