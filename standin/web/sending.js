// Sending a write from a dialog, and dialogs that stay in the document after closing, as the kit's do.
(() => {
  'use strict';
  const { use } = BC;

  // One write at a time. `kind` is the name under which the axis `codes` may ask a code first.
  // `send` takes the call's path and body, what to do when it was done, and what to do with a
  // refusal or an error (default: a toast).
  BC.useSending = (kind) => {
    const [busy, setBusy] = use.useState(false);
    const send = async (path, body, done, onError) => {
      const code = await BC.askCode(kind || BC.start.kinds[`/api/v2/bm/${path}`]);
      if (code === null) return;
      setBusy(true);
      const post = () => BC.post(`/api/v2/bm/${path}`, { ...body, ...code });
      const data = await BC.attempt(post, onError && { onError });
      setBusy(false);
      if (data !== undefined) done(data);
    };
    return { send, busy };
  };

  // Which dialog of a screen is open. A new opening gets a new key, so its form starts empty;
  // a closed one stays, hidden.
  BC.useDialog = () => {
    const [now, set] = use.useState({ turn: 0, visible: false });
    return {
      ...now,
      open: (what) => set(({ turn }) => ({ turn: turn + 1, visible: true, what })),
      close: () => set((before) => ({ ...before, visible: false })),
    };
  };
})();
