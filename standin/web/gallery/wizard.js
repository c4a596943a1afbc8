// The other kit (Vue, class prefix `vi-`), as the ad-account wizard uses it.
(() => {
  'use strict';
  const { h, use } = BC;
  const template = `
<div>
  <vi-form :model="form" label-position="top">
    <vi-form-item label="Company name" required><vi-input v-model="form.company"></vi-input></vi-form-item>
    <vi-form-item label="Currency"><vi-select v-model="form.currency" placeholder="Please select">
      <vi-option v-for="c in ['USD', 'EUR', 'VND']" :key="c" :label="c" :value="c" :disabled="c === 'VND'"></vi-option></vi-select></vi-form-item>
    <vi-form-item label="Country/Region"><vi-select v-model="form.country" filterable>
      <vi-option v-for="c in countries" :key="c" :label="c" :value="c"></vi-option></vi-select></vi-form-item>
    <vi-form-item label="Industry"><vi-cascader v-model="form.industry" :options="industries"
      :props="{expandTrigger: 'hover'}"></vi-cascader></vi-form-item>
    <vi-form-item label="Website" error="This is no address"><vi-input v-model="form.website"></vi-input></vi-form-item>
    <vi-form-item label=""><vi-checkbox v-model="form.terms" role="checkbox">I agree to the terms</vi-checkbox></vi-form-item>
    <vi-form-item label="Notify owner"><vi-switch v-model="form.notify"></vi-switch></vi-form-item>
  </vi-form>
  <vi-button class="vi-byted-button" type="primary" @click="open = true">Next</vi-button>
  <vi-button class="vi-byted-button" @click="$message.error('a message of an error')">Back</vi-button>
  <vi-dialog title="The other dialog" :visible.sync="open" width="400px" append-to-body>
    <p>body</p><div slot="footer"><vi-button @click="asking = true">Done</vi-button>
      <vi-button type="primary" @click="open = false">Confirm</vi-button></div></vi-dialog>
  <vi-button class="vi-byted-button" @click="asking = true">Submit</vi-button>
  <vi-dialog title="The question" :visible.sync="asking" width="400px" append-to-body>
    <p>sure?</p><div slot="footer"><vi-button type="primary" @click="asking = false">Confirm</vi-button></div></vi-dialog>
</div>`;
  const rename = (parts, seen = new Set()) => {
    for (const [name, part] of Object.entries(parts || {})) {
      const inner = part && (part.options || part);
      if (!inner) continue;
      if (name.startsWith('El')) parts[name.replace(/^El/, 'Vi')] = part;
      if (seen.has(inner)) continue;
      seen.add(inner);
      rename(inner.components, seen);
    }
  };
  const data = () => ({
    open: false,
    asking: false,
    form: { company: '', currency: '', country: '', industry: [], website: '', terms: false, notify: false },
    countries: Array.from({ length: 80 }, (_, at) => `Country ${at}`).concat('Germany', 'Türkiye'),
    industries: [0, 1, 2].map((at) => ({ value: `g${at}`, label: `Group ${at}`, children: [0, 1].map((to) => ({ value: `g${at}.${to}`, label: `Trade ${at}.${to}` })) })),
  });
  BC.gallery.wizard = () => {
    const place = use.ref(null);
    use.effect(() => {
      BC.loadVue().then((Vue) => {
        rename(Vue.options.components);
        window.ELEMENT.locale(window.ELEMENT.lang.en);
        place.current.append(new Vue({ data, template }).$mount().$el);
      });
    }, []);
    return h('div', { ref: place, style: { background: '#fff', padding: 24 } });
  };
})();
