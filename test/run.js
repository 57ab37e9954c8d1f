/**
 * `npm test`: makes sure of what the tests need on this machine, runs the unit and contract tests, then the
 * integration and end-to-end tests one file after the other (two cores cannot run several browsers and stacks), and closes
 * with one line: `N passed, N failed`.
 *
 * Arguments are handed to jest: `npm test -- packages/auth`, `npm test -- test/e2e/save`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensureTools } from './tools.js';

const root = path.resolve(import.meta.dirname, '..');
const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const args = process.argv.slice(2);

if (!existsSync(path.join(root, 'packages/cli/dist/index.js'))) {
  console.error('The packages are not built. Run: npm run build');
  process.exit(2);
}
const tools = ensureTools();
const scratch = mkdtempSync(path.join(tmpdir(), 'ohif-azure-test-'));
const counts = path.join(scratch, 'counts');
writeFileSync(counts, '');

const groups = [
  { name: 'Unit and contract tests', projects: ['node', 'dom'], extra: [] },
  {
    name: 'Integration tests with Orthanc, dcmtk and PostgreSQL',
    projects: ['integration'],
    extra: ['--runInBand'],
  },
  { name: 'End-to-end tests in Chromium', projects: ['e2e'], extra: ['--runInBand'] },
];
let status = 0;
for (const { name, projects, extra } of groups) {
  console.log(`\n== ${name}`);
  const run = spawnSync(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--no-warnings=ExperimentalWarning',
      jest,
      ...extra,
      '--passWithNoTests',
      '--selectProjects',
      ...projects,
      '--',
      ...args,
    ],
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, TEST_COUNTS: counts, CHROME_PATH: tools.chromium },
    }
  );
  status ||= run.status ?? 1;
}

const totals = readFileSync(counts, 'utf8')
  .trim()
  .split('\n')
  .map(line => line.split(' ').map(Number))
  .reduce((sum, line) => sum.map((value, i) => value + (line[i] ?? 0)), [0, 0, 0]);
rmSync(scratch, { recursive: true, force: true });
const [passed, failed, skipped] = totals;
if (passed + failed === 0) {
  console.error('No test ran.');
  status ||= 1;
}
console.log(`\n${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`);
process.exit(status || (failed > 0 ? 1 : 0));
