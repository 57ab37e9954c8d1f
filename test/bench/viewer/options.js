/** The options of `npm run bench -- viewer`. */
import { parseArgs } from 'node:util';

/** What can be measured, in the order in which an opening passes it. */
export const STEPS = ['list', 'image', 'all', 'second'];
export const SOURCES = ['ours', 'stock'];
export const STUDIES = ['mr-head', 'synthetic'];

export const USAGE = `  --rounds <n>        how often each source is measured (5)
  --latency <ms,..>   delays of each DICOM request (0,100,200)
  --study <name,..>   ${STUDIES.join(', ')} (both)
  --only <step,..>    ${STEPS.join(', ')} (all four); what is not needed for them is not done
  --source <name,..>  ${SOURCES.join(', ')} (both)
  --limit <s>         longest wait for one step, in seconds (180)`;

/**
 * Reads the options; each also from the environment: BENCH_ROUNDS, BENCH_LATENCY, BENCH_STUDY, BENCH_ONLY,
 * BENCH_SOURCE, BENCH_LIMIT.
 *
 * @throws {Error} an option that is not known, or a value that is none of those it takes
 */
export function readOptions(args, environment = process.env) {
  const text = { type: 'string' };
  const names = ['rounds', 'latency', 'study', 'only', 'source', 'limit'];
  const { values } = parseArgs({
    args,
    options: Object.fromEntries(names.map(name => [name, text])),
    allowPositionals: false,
  });
  const given = name => values[name] ?? environment[`BENCH_${name.toUpperCase()}`];
  return {
    rounds: integer('rounds', given('rounds') ?? '5', 1, 1000),
    latencies: (given('latency') ?? '0,100,200')
      .split(',')
      .map(each => integer('latency', each, 0, 60_000)),
    studies: choice('study', given('study'), STUDIES),
    steps: choice('only', given('only'), STEPS),
    sources: choice('source', given('source'), SOURCES),
    limitMs: 1000 * integer('limit', given('limit') ?? '180', 1, 3600),
  };
}

function integer(name, value, least, most) {
  const number = Number(value);
  if (value.trim() !== '' && Number.isInteger(number) && number >= least && number <= most) {
    return number;
  }
  throw new Error(`--${name} takes integers from ${least} to ${most}, not '${value}'.`);
}

function choice(name, value, known) {
  const asked = value?.split(',') ?? known;
  const wrong = asked.find(each => !known.includes(each));
  if (wrong !== undefined) throw new Error(`--${name} takes ${known.join(', ')}, not '${wrong}'.`);
  return known.filter(each => asked.includes(each));
}
