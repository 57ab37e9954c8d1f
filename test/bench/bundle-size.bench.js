import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

const ROOT = path.resolve(import.meta.dirname, '../..');
const MODULES = ['extensions/azure/dist/extension.mjs', 'modes/azure/dist/mode.mjs'];
/** What both drop-in modules together may weigh, compressed. */
const BUDGET_KB = 150;

export default function measure() {
  let total = 0;
  for (const file of MODULES) {
    const bytes = readFileSync(path.join(ROOT, file));
    const compressed = gzipSync(bytes, { level: 9 }).length;
    total += compressed;
    console.log(`${file}: ${kb(bytes.length)} kB, ${kb(compressed)} kB gzip`);
  }
  console.log(`together ${kb(total)} kB gzip of ${BUDGET_KB} kB`);
}

const kb = bytes => (bytes / 1000).toFixed(1);
