/** The files that are shipped, as a viewer loads them. Built by `npm run build`. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { gzipSync } from 'node:zlib';

const ROOT = path.resolve(process.cwd());
const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');

const DROP_INS = ['extensions/azure/dist/extension.mjs', 'modes/azure/dist/mode.mjs'];

/** A drop-in module has nothing to import from: a bare name would leave the viewer blank. */
it.each(DROP_INS)('%s is self-contained, with a default export', file => {
  const code = read(file);
  expect(code).not.toMatch(/^import\b|[;}]import\s*[{*"'\w]/m);
  expect(code).toMatch(/export\s*\{[^}]*\bas default\b/);
});

it('both drop-in modules together are at most 150 kB, compressed', () => {
  const size = DROP_INS.map(file => gzipSync(read(file), { level: 9 }).length);
  expect(size.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(150_000);
});

it.each([
  ['extensions/azure/dist/index.umd.js', '@ohif-azure/extension-azure'],
  ['modes/azure/dist/index.umd.js', '@ohif-azure/mode-azure'],
])('%s gives its default export to a viewer that it is compiled into', (file, id) => {
  const asked: string[] = [];
  const module = { exports: {} as { id?: string } };
  const stand: unknown = new Proxy(function () {}, { get: () => stand, apply: () => stand });
  const require = (name: string) => {
    asked.push(name);
    return stand;
  };
  vm.runInThisContext(`(function (module, exports, require) {${read(file)}\n})`)(
    module,
    module.exports,
    require
  );
  expect(module.exports.id).toBe(id);
  // React is the viewer's there; anything else must be inside.
  expect(asked.filter(name => !/^react(-dom)?(\/|$)/.test(name))).toEqual([]);
});
