import { readFileSync } from 'node:fs';
import { evaluateConfig } from './evaluate-config.ts';

process.env['MARKER_SECRET'] = 'in this process only';

const ROWS: [what: string, text: string, wanted: object][] = [
  ['an object', 'window.config = { a: 1 };', { config: { a: 1 } }],
  ['a function', 'window.config = () => ({ a: 1 });', { config: { a: 1 } }],
  ['an async function', 'window.config = async () => ({ a: 1, f() {} });', { config: { a: 1 } }],
  ['a byte order mark', '\uFEFFwindow.config = {};', { config: {} }],
  ['a comma too few', 'window.config = {\n  a: 1\n  b: 2\n};', { problem: 'syntax', line: 3 }],
  ['a brace too few', 'window.config = {', { problem: 'syntax' }],
  ['a name that is not there', '\n\nnope();', { problem: 'run', line: 3 }],
  [
    'a function that throws',
    'window.config = () => { throw new Error("no"); };',
    { problem: 'run', message: 'no' },
  ],
  ['no window.config', 'var config = {};', { config: {} }],
  ['nothing', '', { problem: 'no-config' }],
  ['a loop', 'while (true) {}', { problem: 'run' }],
  [
    'a promise that never ends',
    'window.config = () => new Promise(() => {});',
    { problem: 'timeout' },
  ],
  [
    'something that JSON cannot hold',
    'const a = {}; a.a = a; window.config = a;',
    { problem: 'run' },
  ],
];
it.each(ROWS)(
  '%s',
  async (_what, text, wanted) => {
    expect(await evaluateConfig(text)).toMatchObject(wanted);
  },
  15_000
);

it('runs the shipped file as a viewer does', async () => {
  const shipped = readFileSync(
    new URL('../../../../platform-config/azure.js', import.meta.url),
    'utf8'
  );
  expect(await evaluateConfig(shipped)).toMatchObject({
    config: { defaultDataSourceName: 'azure' },
  });
});

/** A file of a site must not reach this machine: it runs without our environment, files and processes. */
const HOSTILE: string[] = [
  'window.config = { found: typeof process + typeof require };',
  'window.config = () => { const F = (async () => {}).constructor; return { found: String(this.constructor.constructor("return process.env.MARKER_SECRET || typeof process")()) }; };',
  'window.config = { found: Error.prepareStackTrace ? "x" : "none" };',
];
it.each(HOSTILE)('%s', async text => {
  expect(JSON.stringify(await evaluateConfig(text))).not.toContain('in this process only');
});
