/** The running stack and a browser's flags for the benchmarks that drive the viewer. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = path.resolve(import.meta.dirname, '../../..');

export const CHROMIUM_ARGS = [
  ...['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'],
  ...['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
  '--ignore-gpu-blocklist',
  // WebGL has no graphics card here and takes the processor for it. The page itself must not: to put one picture of it together that way took 60 to 95 ms,
  // which no reader's machine does, and was most of every figure.
  ...[
    '--disable-gpu-compositing',
    '--disable-gpu-rasterization',
    '--disable-accelerated-2d-canvas',
  ],
];

/** Runs `measure` with a stack of its own, and ends the stack whatever happens. */
export async function withStack(flags, measure) {
  const data = mkdtempSync(path.join(tmpdir(), 'ohif-azure-bench-'));
  const stack = await startStack(data, flags);
  try {
    await measure(stack);
  } finally {
    const ended = new Promise(resolve => stack.child.once('exit', resolve));
    stack.child.kill('SIGTERM');
    await ended;
    rmSync(data, { recursive: true, force: true });
  }
}

async function startStack(data, flags) {
  const child = spawn(
    process.execPath,
    [
      path.join(ROOT, 'packages/cli/bin/ohif-azure.js'),
      'dev',
      ...['--viewer-port', '0', '--dicom-port', '0', '--identity-port', '0', '--data', data],
      ...flags,
    ],
    { stdio: ['ignore', 'pipe', 'ignore'] }
  );
  for await (const line of createInterface({ input: child.stdout })) {
    const ready = /^ready viewer=(\S+) dicom=(\S+) identity=(\S+)$/.exec(line);
    if (ready) return { child, viewer: ready[1], dicom: ready[2], identity: ready[3] };
  }
  throw new Error('The stack ended without a ready line.');
}

/** Signs in on the provider's page. */
export async function signIn(page, account) {
  await page.fill('input[name=username]', account);
  await page.fill('input[name=password]', account);
  await page.click('button[type=submit]');
}

const sorted = values => [...values].sort((a, b) => a - b);
export const median = values => sorted(values)[Math.floor(values.length / 2)];
export const range = (values, digits = 2) =>
  `${sorted(values)[0].toFixed(digits)}-${sorted(values).at(-1).toFixed(digits)}`;
