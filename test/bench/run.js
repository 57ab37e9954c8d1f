/**
 * `npm run bench [-- <name> ... [--option ...]]`: measures; judges nothing. Each benchmark prints its figures and the command
 * that makes them. What begins with the first `--` is handed to the benchmarks; `relay` and `viewer` take options.
 */
import { readdirSync } from 'node:fs';

const NAMES = readdirSync(import.meta.dirname)
  .filter(file => file.endsWith('.bench.js'))
  .map(file => file.replace('.bench.js', ''));

const args = process.argv.slice(2);
const firstOption = args.findIndex(arg => arg.startsWith('--'));
const asked = firstOption < 0 ? args : args.slice(0, firstOption);
const options = firstOption < 0 ? [] : args.slice(firstOption);
const unknown = asked.filter(name => !NAMES.includes(name));
if (unknown.length > 0) {
  console.error(`No benchmark ${unknown.join(', ')}; there are ${NAMES.join(', ')}.`);
  process.exit(2);
}
for (const name of asked.length > 0 ? asked : NAMES) {
  console.log(`\n== ${name}   (npm run bench -- ${name})`);
  const { default: measure } = await import(`./${name}.bench.js`);
  await measure(options);
}
