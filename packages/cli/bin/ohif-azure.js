#!/usr/bin/env node
import { existsSync } from 'node:fs';

const main = new URL('../dist/index.js', import.meta.url);
if (!existsSync(main)) {
  console.error('ohif-azure: the packages are not built. Run: npm run build');
  process.exit(2);
}
const { run } = await import(main);
await run(process.argv);
