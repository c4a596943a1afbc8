// Telemetry in the real site's shape. A page loads it as a script; as a worker it starts by itself.
(() => {
  'use strict';
  const telemetry = (send, url) => {
    const post = (path, body) => send(path, {
      method: 'POST', keepalive: true, body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' },
    }).then((answer) => answer.text()).catch(() => {});
    post('/v1/user/webid', { app_id: 1583, url, user_agent: navigator.userAgent, referer: '', user_unique_id: '' });
    post('/web/common', { magic: 538969122, version: 1, dataType: 8, strData: 'AAAA', tspFromClient: Date.now() });
    post('/api/attrib/trace/init/', { url, attr_source: '', attr_type: 'web' });
  };
  if (self.BC) { self.BC.telemetry = telemetry; return; }
  self.onmessage = ({ data }) => {
    const beat = () => telemetry(self.fetch.bind(self), data);
    beat();
    self.setInterval(beat, 300);
  };
})();
