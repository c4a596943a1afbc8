// What the real site's pages send beside their work: many small resources, and telemetry from page and worker.
(() => {
  'use strict';
  const { chatty, noise } = BC.start.wide;

  if (chatty !== null) {
    for (let number = 0; number < Number(chatty || 260); number += 1) fetch(`/static/chunk/${number}.json`).then((answer) => answer.text()).catch(() => {});
  }

  if (noise !== null) {
    const beat = () => {
      BC.telemetry(fetch.bind(window), window.location.href);
      navigator.sendBeacon('/v1/list', JSON.stringify([{ events: [{ event: 'predefine_pageview' }], header: { app_id: 1583 } }]));
    };
    const script = document.createElement('script');
    script.src = '/web/worker/telemetry.js';
    script.onload = () => { beat(); window.setInterval(beat, 300); };
    document.head.append(script);
    const worker = new Worker('/web/worker/telemetry.js');
    worker.postMessage(window.location.href);
  }
})();
