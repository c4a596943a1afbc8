// One dialog with one button that sends, and the ways in which that can go.
(() => {
  'use strict';
  const { h, K, use } = BC;
  const G = BC.gallery;
  const PATH = '/api/v2/bm/admin/user/invite/';

  const cover = (word) => {
    const over = document.createElement('div');
    over.className = 'cover';
    over.style.cssText = 'position:fixed;inset:0;z-index:99999;background:#fffc';
    over.innerHTML = `<button type="button">${word}</button>`;
    over.querySelector('button').addEventListener('click', () => { BC.dismissed = (BC.dismissed || 0) + 1; over.remove(); });
    document.body.append(over);
  };

  // how: ok, late (an overlay comes as the button is pressed), blocked (the same, after it was sent), twice, other (another
  // Business Center), silent, ask (a question in between, with `text`), code, renamed, disabled, answerless
  G.sending = ({ params }) => {
    const how = params.how || 'ok';
    const [open, setOpen] = use.state(true);
    const [asking, setAsking] = use.state(false);
    const [name, setName] = use.state('Confirm');
    const post = (more) =>
      BC.attempt(() => BC.post(PATH, { email_list: [params.email || 'a@client.example'], org_role: 2, lang: 'en', ...more }));
    const send = async () => {
      if (how === 'silent') return;
      if (how === 'ask' && !asking) { setAsking(true); return; }
      const code = how === 'code' ? await BC.askCode('invite') : {};
      if (!code) return;
      const sent = [post({ ...code, ...(how === 'other' ? { org_id: params.other } : {}) })];
      if (how === 'twice') sent.push(post({}));
      const made = await Promise.all(sent);
      setAsking(false);
      if (made.some(Boolean)) { BC.toast('success', 'Invitation sent'); setOpen(false); }
    };
    use.effect(() => {
      window.galleryRename = () => setName('Submit');
      window.galleryCover = cover;
    }, []);
    const pressed = () => {
      if (how === 'late') cover('Not now');
      if (how === 'blocked') { send(); cover('Wait'); }
    };
    return h('div', null,
      h(K.Modal, {
        show: open, onClose: () => setOpen(false), header: 'Send it',
        footer: h('span', { onMouseDownCapture: pressed },
          h(BC.Primary, { disabled: how === 'disabled', onClick: how === 'blocked' ? undefined : send }, name)),
      }, h('p', null, 'one write')),
      h(BC.Confirm, { title: 'Are you sure?', visible: asking, onOk: send, onClose: () => setAsking(false) }, params.text || ''));
  };
})();
