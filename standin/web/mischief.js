// What faults make a page do round a write. Without a fault a write is one request, sent at once.
(() => {
  'use strict';
  const { h, K, R, use, t } = BC;
  const wait = (seconds) => new Promise((done) => { window.setTimeout(done, seconds * 1000); });

  // The value of a fault that concerns this kind of write, or undefined. Counts as one use of it.
  const strike = (name, kind) => {
    const fits = (fault) => fault.name === name && fault.count !== 0 && (fault.kind === null || fault.kind === kind);
    const found = BC.start.faults.find(fits);
    if (!found) return undefined;
    if (found.count !== null) found.count -= 1;
    return found.value;
  };

  // An error toast in the kit of the screen that is shown.
  const toast = (text) => {
    if (document.querySelector('.wizard')) window.ELEMENT.Message.error(text);
    else BC.toast('error', text);
  };

  // A dialog that nobody expects. Resolves to whether the person confirmed it and the fee was accepted.
  const askFee = { current: null };
  const FeeHost = () => {
    const [ask, setAsk] = use.state({ visible: false });
    askFee.current = (text) => new Promise((done) => { setAsk({ visible: true, text, done }); });
    const end = (yes) => { setAsk({ ...ask, visible: false }); ask.done(yes); };
    const confirm = async () => {
      const accepted = await BC.attempt(() => BC.send('/api/v2/bm/billing/accept_fee/', {}));
      end(accepted !== undefined);
    };
    return h(K.Modal, {
      show: ask.visible, size: 'sm', header: t('fee.title'), onClose: () => end(false),
      footer: h('div', { className: 'si-foot' },
        h(BC.Plain, { onClick: () => end(false) }, t('core.cancel')),
        h(BC.Primary, { onClick: confirm }, t('core.confirm'))),
    }, h('p', { className: 'si-note' }, ask.text));
  };
  const { CodeHost } = BC;
  BC.CodeHost = () => h(R.Fragment, null, h(CodeHost), h(FeeHost));

  // Between the press of the button that sends and the write, while nothing on the page shows that it goes on.
  // Resolves to whether it does go on.
  BC.pressed = async (kind) => {
    const said = strike('toast', kind);
    if (said !== undefined) {
      const [text, ms] = said.split('@');
      toast(text || t('mischief.toast'));
      await wait(Number(ms || 40) / 1000);
    }
    const late = strike('late_write', kind);
    if (late !== undefined) await wait(Number(late || 6.06));
    const fee = strike('fee_dialog', kind);
    return fee === undefined || askFee.current(fee || t('fee.text'));
  };

  const around = (kind, step) => `/api/v3/bm/${BC.start.things[kind]}/${step}/`;

  // What a yes to the write still asks for before it takes effect.
  const secondStep = async (kind, { next_step: step, ...data }) => {
    if (!step) return data;
    await wait(step.after);
    if (step.kind === 'bind') await BC.send(around(kind, 'bind'), { ...data, request_id: step.id });
    else if ((await BC.askNow(kind, { request_id: step.id })) === null) throw new BC.Failure('silent', 'no code');
    return data;
  };

  const version = (path, number) => path.replace(/\/v\d\//, `/v${number}/`);

  // Sends to both versions of the API at the same moment; what the page goes by is the newer one's answer.
  const sendTwice = async (path, body) => {
    const [newer] = await Promise.allSettled([BC.send(version(path, 3), body), BC.send(version(path, 2), body)]);
    if (newer.status === 'rejected') throw newer.reason;
    return newer.value;
  };

  // As many front ends do: what failed, or was answered with 5xx, is sent again up to three times.
  const sendAgain = async (path, body, left = 3) => {
    try {
      return await BC.send(path, body);
    } catch (error) {
      if (left === 0 || error.how !== 'broken' || error.code < 500) throw error;
      await wait(1);
      return sendAgain(path, body, left - 1);
    }
  };

  // One way for a write to leave: {name of the fault: how it is sent}; without a fault BC.send.
  const WAYS = { retry: sendAgain, other_path: sendTwice, beacon: (path, body) => BC.beacon(path, body) };
  const way = (kind) => {
    const name = Object.keys(WAYS).find((fault) => strike(fault, kind) !== undefined);
    return name ? WAYS[name] : BC.send;
  };

  BC.sendWrite = async (kind, path, body) => {
    if (strike('precheck', kind) !== undefined) await BC.send(around(kind, 'precheck'), body);
    return secondStep(kind, await way(kind)(path, body));
  };
})();
