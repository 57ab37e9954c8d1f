/**
 * How fast the viewer is with our data source and with the stock one, in turn, on the same stack with a latency for each
 * DICOM request: the work list from page load, a study from the double click on its row to its first image and to all
 * frames in the viewer's image cache, and the same study opened once more in the same page. Both in the stock mode “Basic Viewer”, the user's default in both work lists.
 *
 *     npm run bench -- viewer --rounds 3 --latency 100 --study mr-head --only image
 *
 * Each round has a browser context of its own: signed in, and the viewer's own files in the browser's cache by another study opened
 * before, but nothing of the measured study. So a first opening pays for its preflights, one for each address.
 *
 * "work list shown" begins with the request for the page, of a user who is signed in. The stock sign-in goes to the provider and
 * back with each page load, and that is in its figure.
 *
 * Latency: `--latency-ms` of the stack delays what the service carries out, and not preflights. Over a real line `OPTIONS`
 * is a round trip as well; where the stack does not delay it, this benchmark does, and says so in its first lines.
 * The line has no limit of bytes, and browsers keep at most six lines to a host open.
 *
 * "bare" is the limit from first principles, in the same run: what the service and the line take for the same without a viewer
 * (see viewer/bare.js). It has no part of the viewer's own start, which bounds the first image from below.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { ensureTools } from '../tools.js';
import { CHROMIUM_ARGS, withStack } from './support/stack.js';
import { measureBare } from './viewer/bare.js';
import { measureRound } from './viewer/opening.js';
import { readOptions, USAGE } from './viewer/options.js';
import { prepareStudy } from './viewer/studies.js';
import { printTable } from './viewer/table.js';
import { delayPreflights } from './viewer/traffic.js';

export default async function measure(args = []) {
  const options = optionsOrUsage(args);
  const cells = [];
  const folder = mkdtempSync(path.join(tmpdir(), 'ohif-azure-bench-studies-'));
  try {
    const studies = options.studies.map(name => prepareStudy(name, path.join(folder, name)));
    for (const latencyMs of options.latencies) {
      const flags = ['--latency-ms', String(latencyMs), '--test-hooks', '--import', folder];
      await withStack(flags, async stack => {
        console.log(`${latencyMs} ms: preflights are ${await delayPreflights(stack, latencyMs)}.`);
        for (const study of studies) {
          cells.push(await measureCell({ stack, study, latencyMs, options }));
        }
      });
    }
  } finally {
    // Also when a later cell failed.
    if (cells.length > 0) {
      cells.sort((a, b) => a.study.label.localeCompare(b.study.label));
      console.log(`\nSeconds: median (range) of ${options.rounds}.`);
      printTable(cells, options.steps);
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

function optionsOrUsage(args) {
  try {
    return readOptions(args);
  } catch (error) {
    console.error(`${error.message}\n${USAGE}`);
    process.exit(2);
  }
}

async function measureCell({ stack, study, latencyMs, options }) {
  const cell = {
    study,
    latencyMs,
    rounds: Object.fromEntries(options.sources.map(source => [source, []])),
    bare: [],
  };
  const browser = await chromium.launch({
    executablePath: ensureTools().chromium,
    args: CHROMIUM_ARGS,
  });
  try {
    for (let round = 0; round < options.rounds; round += 1) {
      // Each source is first as often as the other.
      const order = round % 2 === 0 ? options.sources : [...options.sources].reverse();
      let authorization = '';
      for (const source of order) {
        const about = { browser, stack, study, source, latencyMs, options };
        const figures = await measureRound(about);
        ({ authorization } = figures);
        cell.rounds[source].push(figures);
        console.log(
          `  ${study.label}, ${latencyMs} ms, round ${round + 1}, ${source}: ${said(figures)}`
        );
      }
      cell.bare.push(
        await measureBare({ browser, stack, study, authorization, latencyMs, options })
      );
    }
  } finally {
    await browser.close();
  }
  return cell;
}

function said(figures) {
  return ['list', 'image', 'all', 'second', 'secondAll']
    .filter(what => figures[what] !== undefined)
    .map(what => `${what} ${figures[what].toFixed(2)}`)
    .join(', ');
}
