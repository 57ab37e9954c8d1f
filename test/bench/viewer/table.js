/** Prints the figures. */
import { median, range } from '../support/stack.js';

const LABELS = {
  list: 'work list shown',
  image: 'first image',
  all: 'all frames in cache',
  second: 'second opening, first image',
  secondAll: 'second opening, all frames',
};

/** The most that ours may take of stock, by step and latency. */
const LIMITS = {
  list: { 200: 0.9 },
  image: { 100: 0.85, 200: 0.75 },
  all: { 0: 1, 100: 0.6, 200: 0.4 },
  second: { 100: 0.6 },
};
/** Which bare figure stands beside a step. */
const BARE = { list: 'list', image: 'image', all: 'all', second: 'image', secondAll: 'all' };

/**
 * Prints the table of times and the table of requests.
 *
 * @param cells for each study and latency `{ study, latencyMs, rounds: { ours: [..], stock: [..] }, bare: [..] }`, in
 *   seconds and bytes as `measureRound` and `measureBare` give them
 * @param steps what was measured
 */
export function printTable(cells, steps) {
  const rows = [
    ['study', 'latency', 'what', 'ours s', 'stock s', 'ratio', 'limit', '', 'bare s', 'ours/bare'],
  ];
  for (const cell of cells) {
    for (const what of Object.keys(LABELS)) {
      if (steps.includes(what === 'secondAll' ? 'second' : what)) rows.push(rowOf(cell, what));
    }
  }
  print(rows);
  console.log('\nWhat the DICOM service was asked by an opening (medians):');
  const traffic = [
    ['study', 'latency', 'opening', 'source', 'requests', 'preflights', 'MB', 'frames'],
  ];
  for (const cell of cells) {
    for (const opening of ['first', 'again']) {
      for (const source of Object.keys(cell.rounds)) {
        const row = trafficOf(cell, opening, source);
        if (row) traffic.push(row);
      }
    }
  }
  print(traffic);
}

function rowOf({ study, latencyMs, rounds, bare }, what) {
  const values = source => (rounds[source] ?? []).map(round => round[what]);
  const [ours, stock] = [values('ours'), values('stock')];
  const text = figures =>
    figures.length > 0 ? `${median(figures).toFixed(2)} (${range(figures)})` : '-';
  const both = ours.length > 0 && stock.length > 0;
  const ratio = both ? median(ours) / median(stock) : undefined;
  const limit = LIMITS[what]?.[latencyMs];
  const least = bare.map(each => each[BARE[what]].seconds);
  const verdict = ratio === undefined || limit === undefined ? '' : ratio <= limit ? 'ok' : 'over';
  return [
    study.label,
    `${latencyMs} ms`,
    LABELS[what],
    text(ours),
    text(stock),
    ratio?.toFixed(2) ?? '-',
    limit?.toFixed(2) ?? '-',
    verdict,
    least.length > 0 ? median(least).toFixed(2) : '-',
    least.length > 0 && ours.length > 0 ? (median(ours) / median(least)).toFixed(1) : '-',
  ];
}

function trafficOf({ study, latencyMs, rounds }, opening, source) {
  const seen = rounds[source].filter(round => round[opening]);
  if (seen.length === 0) return undefined;
  const of = name => median(seen.map(round => round[opening][name]));
  return [
    study.label,
    `${latencyMs} ms`,
    opening === 'first' ? 'first' : 'second',
    source,
    String(of('requests')),
    String(of('preflights')),
    (of('bytes') / 1e6).toFixed(1),
    String(seen[0].frames ?? '-'),
  ];
}

function print(rows) {
  const widths = rows[0].map((_cell, i) => Math.max(...rows.map(row => row[i].length)));
  rows.forEach(row =>
    console.log(
      row
        .map((cell, i) => cell.padEnd(widths[i]))
        .join('  ')
        .trimEnd()
    )
  );
}
