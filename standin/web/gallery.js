// The kit's widgets, each by itself, and what other screens of the same kit may make of them: /manage/gallery.
// `show` names one piece, its other parameters are the piece's own; without it all are drawn.
(() => {
  'use strict';
  const { h, use } = BC;
  const FILES = ['forms', 'variants', 'asked', 'lists', 'overlays', 'sending', 'wizard'];
  BC.gallery = {};

  let loaded;
  const load = () => {
    const one = (name) =>
      new Promise((done, failed) => {
        const script = document.createElement('script');
        script.src = `/web/gallery/${name}.js`;
        script.onload = done;
        script.onerror = failed;
        document.head.append(script);
      });
    loaded = loaded || Promise.all(FILES.map(one));
    return loaded;
  };

  const Gallery = ({ params }) => {
    const [ready, setReady] = use.state(false);
    use.effect(() => {
      load().then(() => setReady(true));
    }, []);
    if (!ready) return null;
    const names = params.show ? [params.show] : Object.keys(BC.gallery);
    return h(
      'div',
      { className: 'gallery' },
      names.map((name) => h('section', { key: name }, h('h2', null, name), h(BC.gallery[name], { params }))),
    );
  };
  BC.screen('/manage/gallery', Gallery, { title: 'Gallery' });
})();
