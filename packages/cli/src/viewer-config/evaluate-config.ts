import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { EvaluatedConfig } from '@ohif-azure/dicomweb/doctor';

/** The longest a configuration may run, in milliseconds. */
const EVALUATION_TIMEOUT_MS = 5_000;

/**
 * Runs in a process of its own: without this one's environment (it may hold secrets), without file system and processes where Node can
 * forbid them, and with an end. The file is a script of a web page: it gets a `window`, and no more of a browser than that.
 */
const EVALUATOR = String.raw`
const vm = require('node:vm');
let text = '';
process.stdin.setEncoding('utf8').on('data', chunk => (text += chunk)).on('end', async () => {
  const answer = value => process.stdout.write(JSON.stringify(value));
  const lineOf = error => {
    const match = /config\.js:(\d+)/.exec(String(error && error.stack));
    return match ? Number(match[1]) : undefined;
  };
  const messageOf = error => String((error && error.message) || error).split('\n')[0].slice(0, 300);
  let script;
  try {
    script = new vm.Script(text, { filename: 'config.js' });
  } catch (error) {
    return answer({ problem: 'syntax', message: messageOf(error), line: lineOf(error) });
  }
  const context = vm.createContext(Object.create(null));
  // Told that the plug-ins are compiled in, our own file loads nothing.
  const prepare = 'var window = globalThis; var self = globalThis; window.extensions = ["@ohif-azure/extension-azure"]; window.modes = ["@ohif-azure/mode-azure"];' +
    'window.location = { origin: "https://viewer.invalid", href: "https://viewer.invalid/", hostname: "viewer.invalid", pathname: "/", search: "" };' +
    'window.console = { log() {}, warn() {}, error() {}, info() {}, debug() {} };';
  try {
    vm.runInContext(prepare, context);
    script.runInContext(context, { timeout: 2000 });
    const read = vm.runInContext(
      '(async () => { const c = typeof window.config === "function" ? await window.config({}) : window.config; return c === undefined ? undefined : JSON.stringify(c); })()',
      context
    );
    const json = await read;
    if (typeof json !== 'string') return answer({ problem: 'no-config', message: 'no window.config' });
    answer({ config: JSON.parse(json) });
  } catch (error) {
    answer({ problem: 'run', message: messageOf(error), line: lineOf(error) });
  }
});
`;

/** Flags that forbid files and processes, by what this Node calls them. */
function permissionFlags(): string[] {
  const { allowedNodeEnvironmentFlags: allowed } = process;
  if (allowed.has('--permission')) return ['--permission'];
  return allowed.has('--experimental-permission')
    ? ['--experimental-permission', '--no-warnings']
    : [];
}

/**
 * Runs a viewer's configuration (`azure.js`, `app-config.js`) and reads `window.config`; a function is called. What JSON has no word for,
 * functions say, is left out. Never rejects for what is in the file.
 */
export async function evaluateConfig(source: string): Promise<EvaluatedConfig> {
  const child = spawn(process.execPath, [...permissionFlags(), '-e', EVALUATOR], {
    env: {},
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), EVALUATION_TIMEOUT_MS);
  // It may have ended before all was written.
  child.stdin.on('error', () => undefined);
  child.stdin.end(source.replace(/^\uFEFF/, ''));
  try {
    const answer = await text(child.stdout);
    const isWhole = answer.startsWith('{') && answer.endsWith('}');
    if (isWhole) return JSON.parse(answer) as EvaluatedConfig;
    return { problem: 'timeout', message: 'window.config never comes to an end' };
  } finally {
    clearTimeout(timer);
    child.kill('SIGKILL');
  }
}

/** The same of a file. @throws the error of `node:fs` when it cannot be read. */
export async function evaluateConfigFile(file: string): Promise<EvaluatedConfig> {
  return evaluateConfig(await readFile(file, 'utf8'));
}
