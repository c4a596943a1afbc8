// The ad-account wizard: a page of its own, made with the other kit (Vue, class prefix `vi-`).
// An agency's Business Center gets a longer form: two pages with "Next", then a page to check and submit.
(() => {
  const { h, t, use } = BC;
  const API = '/api/v2/bm/account';
  const URL_LIKE = /^(https?:\/\/)?[^\s/.]+(\.[^\s/.]+)+(\/\S*)?$/i;
  const POSTAL_LIKE = /^[A-Za-z0-9][A-Za-z0-9 -]{2,9}$/;
  const EMPTY = {
    name: '',
    timeZone: '',
    country: '',
    currency: '',
    industry: [],
    company: '',
    website: '',
    street: '',
    city: '',
    state: '',
    postal: '',
    tax: '',
    terms: false,
    declaration: false,
    tips: false,
  };
  const OPTIONAL = { advertiser: ['website', 'tax'], agency: ['tax'] };
  const COMPANY = ['country', 'company', 'website'];
  const BILLING = ['street', 'city', 'state', 'postal', 'tax', 'terms'];
  const ACCOUNT = ['industry', 'name', 'timeZone', 'currency'];
  const SHORT = ['name', 'timeZone', 'country', 'currency', 'industry', 'company', 'website'];
  const PAGES = {
    advertiser: BC.steps([SHORT], {
      one: [SHORT],
      two: [SHORT.slice(0, 4), SHORT.slice(4)],
      three: [SHORT.slice(0, 2), SHORT.slice(2, 4), SHORT.slice(4)],
    }),
    agency: BC.steps([COMPANY, [...ACCOUNT, ...BILLING]], {
      one: [[...COMPANY, ...ACCOUNT, ...BILLING]],
      two: [COMPANY, [...ACCOUNT, ...BILLING]],
      three: [COMPANY, ACCOUNT, BILLING],
    }),
  };
  // A page to check and submit comes last in the plain form of an agency, and in one of three steps.
  const reviews = (kind) => kind === 'agency' && ['plain', 'three'].includes(BC.axis('form_steps'));
  const declares = ['create', 'all'].includes(BC.axis('declaration'));

  const payload = (form) => ({
    account_info: { account_name: form.name, timezone: form.timeZone, currency: form.currency },
    company_info: {
      company_name: form.company,
      registered_area: form.country,
      industry: form.industry[1] || '',
    },
    qualification_info: { website: form.website },
    billing_info: {
      address_detail: form.street,
      city: form.city,
      state: form.state,
      post_code: form.postal,
      tax_id: form.tax,
    },
  });

  const matching = (like, words) => ({
    trigger: 'blur',
    validator: (_rule, value, done) => (value && !like.test(value) ? done(new Error(t(words))) : done()),
  });
  const needed = { required: true, message: t('wizard.required'), trigger: 'none' };
  const rules = (kind) => {
    const made = {};
    for (const name of PAGES[kind].flat()) made[name] = OPTIONAL[kind].includes(name) ? [] : [needed];
    made.website.push(matching(URL_LIKE, 'wizard.badWebsite'));
    if (made.postal) made.postal.push(matching(POSTAL_LIKE, 'wizard.badPostal'));
    if (declares) {
      const ticked = (_rule, value, done) => (value ? done() : done(new Error(t('looks.required'))));
      made.declaration = [{ trigger: 'change', validator: ticked }];
    }
    if (made.terms) {
      made.terms = [
        {
          trigger: 'change',
          validator: (_rule, value, done) => (value ? done() : done(new Error(t('wizard.termsRequired')))),
        },
      ];
    }
    return made;
  };

  const labelOf = (options, value) => (options.find((option) => option.value === value) || {}).label || value;

  const data = (options) => () => ({
    ...options,
    form: { ...EMPTY },
    page: 0,
    declares,
    tipped: BC.axis('extra_boxes') === 'tips',
    atTop: BC.axis('send_place') === 'top',
    captioned: BC.axis('captions') === 'shown',
    pages: PAGES[options.kind],
    rules: rules(options.kind),
    query: '',
    busy: false,
    followUp: false,
    inPanel: BC.edition !== '2024',
    cascade: { expandTrigger: 'hover' },
  });

  const computed = {
    isReview() {
      return this.page === this.pages.length;
    },
    isLast() {
      return this.page === (reviews(this.kind) ? this.pages.length : this.pages.length - 1);
    },
    buttons() {
      const go = this.isLast ? t(this.isReview ? 'wizard.submit' : 'wizard.confirm') : t('wizard.next');
      const leave = t(this.page ? 'wizard.back' : 'wizard.cancel');
      const both = [
        { key: 'leave', text: leave, press: this.back },
        { key: 'go', text: go, press: this.go, type: 'primary', css: 'page-submit-btn' },
      ];
      return BC.axis('send_side') === 'left' ? both.reverse() : both;
    },
    shown() {
      return this.pages[this.page] || [];
    },
    zones() {
      const wanted = this.query.trim().toLowerCase();
      return this.time_zones.filter((zone) => zone.label.toLowerCase().includes(wanted));
    },
    summary() {
      const { form } = this;
      const texts = {
        country: labelOf(this.countries, form.country),
        timeZone: labelOf(this.time_zones, form.timeZone),
        industry: form.industry[1] || '',
        currency: labelOf(this.currencies, form.currency),
      };
      return this.pages
        .flat()
        .filter((name) => name !== 'terms')
        .map((name) => ({ name, text: texts[name] || form[name] || '-' }));
    },
  };

  const methods = {
    t: (name) => t(`wizard.${name}`),
    look: (name) => t(`looks.${name}`),
    hint(name) {
      return t(`wizard.${name === 'company' && this.kind === 'agency' ? 'companySearch' : `${name}Hint`}`);
    },
    suggest(typed, show) {
      const wanted = typed.trim().toLowerCase();
      show(this.companies.filter((name) => name.toLowerCase().includes(wanted)).map((value) => ({ value })));
    },
    leave: () => window.location.assign(`${BC.paths.accounts}?org_id=${BC.org}`),
    back() {
      if (this.page) this.page -= 1;
      else this.leave();
    },
    go() {
      this.$refs.form.validate((good) => {
        if (!good) return;
        if (this.isLast) this.submit();
        else this.page += 1;
      });
    },
    async submit() {
      const code = await BC.askCode('create');
      if (!code) return;
      this.busy = true;
      const say = (text) => this.$message.error(text);
      const made = await BC.attempt(() => BC.post(`${API}/create/`, { ...payload(this.form), ...code }), {
        onError: say,
      });
      this.busy = false;
      if (made) this.followUp = true;
    },
    addPayment: () => window.location.assign(`/manage/add-billing-info?org_id=${BC.org}`),
  };

  const FOOTER = (when) => `
  <div class="wizard-footer" v-if="${when}">
    <vi-button v-for="one in buttons" :key="one.key" class="vi-byted-button" :class="one.css" :type="one.type"
      :loading="one.type && busy" @click="one.press">{{ one.text }}</vi-button>
  </div>`;

  const template = `
<div class="wizard">
  <h1 class="wizard-title">{{ t('title') }}</h1>${FOOTER('atTop')}
  <h2 v-if="isReview">{{ t('review') }}</h2>
  <vi-form ref="form" :model="form" :rules="rules" label-position="top">
    <vi-form-item v-for="name in shown" :key="name" :prop="name" :label="name === 'terms' || !captioned ? '' : t(name)">
      <vi-select class="wizard-wide" v-if="name === 'timeZone'" v-model="form.timeZone" :placeholder="hint(name)" :filterable="!inPanel"
        :no-data-text="t('noData')" @visible-change="query = ''">
        <div v-if="inPanel" class="wizard-search"><vi-input v-model="query" size="small" :placeholder="t('search')"></vi-input></div>
        <vi-option v-for="zone in zones" :key="zone.value" :label="zone.label" :value="zone.value"></vi-option>
      </vi-select>
      <vi-select class="wizard-wide" v-else-if="name === 'country'" v-model="form.country" filterable :placeholder="hint(name)" :no-match-text="t('noData')">
        <vi-option v-for="item in countries" :key="item.value" :label="item.label" :value="item.value"></vi-option>
      </vi-select>
      <vi-select class="wizard-wide" v-else-if="name === 'currency'" v-model="form.currency" :placeholder="hint(name)">
        <vi-option v-for="item in currencies" :key="item.value" :label="item.label" :value="item.value"></vi-option>
      </vi-select>
      <vi-cascader class="wizard-wide" v-else-if="name === 'industry'" v-model="form.industry" :options="industries" :props="cascade"
        :placeholder="hint(name)"></vi-cascader>
      <vi-autocomplete class="wizard-wide" v-else-if="name === 'company' && kind === 'agency'" v-model="form.company" :fetch-suggestions="suggest"
        :placeholder="hint(name)"></vi-autocomplete>
      <vi-checkbox v-else-if="name === 'terms'" v-model="form.terms" role="checkbox">{{ t('terms') }}</vi-checkbox>
      <vi-input v-else v-model="form[name]" :placeholder="hint(name)"></vi-input>
    </vi-form-item>
    <vi-form-item v-if="isLast && tipped"><vi-checkbox v-model="form.tips" role="checkbox">{{ look('tips') }}</vi-checkbox></vi-form-item>
    <vi-form-item v-if="isLast && declares" prop="declaration"><vi-checkbox v-model="form.declaration" role="checkbox">{{ look('declaration') }}</vi-checkbox></vi-form-item>
    <div v-if="isReview" class="wizard-summary">
      <p v-for="line in summary" :key="line.name"><span>{{ t(line.name) }}</span><span>{{ line.text }}</span></p>
    </div>
  </vi-form>
${FOOTER('!atTop')}
  <vi-dialog :title="t('followUp.title')" :visible="followUp" width="480px" :show-close="false" append-to-body>
    <p>{{ t('followUp.body') }}</p>
    <div slot="footer" class="dialog-footer" role="dialog_footer">
      <vi-button class="vi-byted-button" @click="leave">{{ t('skip') }}</vi-button>
      <vi-button class="vi-byted-button" type="primary" @click="addPayment">{{ t('addPayment') }}</vi-button>
    </div>
  </vi-dialog>
</div>`;

  // The kit's parts find each other by tag; with the tags renamed they need the renamed names too.
  const rename = (parts, seen = new Set()) => {
    for (const [name, part] of Object.entries(parts || {})) {
      const inner = part && (part.options || part);
      if (!inner) continue;
      // The same part may be listed in several places, and each list needs the new name.
      if (name.startsWith('El')) parts[name.replace(/^El/, 'Vi')] = part;
      if (seen.has(inner)) continue;
      seen.add(inner);
      rename(inner.components, seen);
    }
  };

  const STYLE =
    '.wizard-wide{width:100%} .wizard-search{padding:8px 12px} .wizard-summary span{display:inline-block;width:45%}';

  const mount = async (place) => {
    const [Vue, options] = await Promise.all([BC.loadVue(), BC.attempt(() => BC.get(`${API}/options/`))]);
    if (!options) return;
    rename(Vue.options.components);
    window.ELEMENT.locale(window.ELEMENT.lang[BC.axis('language')] || window.ELEMENT.lang.en);
    const app = new Vue({ data: data(options), computed, methods, template }).$mount();
    place.append(app.$el);
  };

  const style = { maxWidth: 720, margin: '0 auto', padding: 32, background: '#fff', minHeight: '100vh' };
  const Wizard = () => {
    const place = use.ref(null);
    use.effect(() => {
      mount(place.current);
    }, []);
    return h(
      'div',
      { className: 'si-wizard' },
      h('style', null, STYLE),
      h('div', { ref: place, style }),
      h(BC.CodeHost)
    );
  };
  BC.screen('/manage/accounts/adv/create', Wizard, { title: () => t('wizard.title'), bare: true });
})();
