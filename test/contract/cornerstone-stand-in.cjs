/**
 * In place of `@cornerstonejs/core` and `@cornerstonejs/metadata`, which `@ohif/core` loads and the managers under
 * contract never draw with. Anything can be named, called and made; nothing is drawn.
 */
const anything = () =>
  new Proxy(function stand() {}, {
    get: (_target, name) => {
      if (name === '__esModule') return true;
      if (name === Symbol.toPrimitive) return () => '';
      if (name === 'then') return undefined;
      return anything();
    },
    apply: () => anything(),
    construct: () => anything(),
  });

module.exports = anything();
