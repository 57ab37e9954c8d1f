/**
 * Store of 1,000 files of 0.5 MB at 40 ms latency: `storeFiles` against one file per request, one after another, in one run; the peak of
 * memory; and the share of what the line carries. Then memory alone: 10,000 small files, and one file of 2 GB.
 *
 * Service and client are processes of their own. Files and service data lie in memory where there is enough (`/dev/shm`), so that it is
 * not the disk that is measured.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeBenchFiles, writeLargeFile } from './store/bench-files.js';

const FILES = 1000;
const FILE_BYTES = 500_000;
const LATENCY_MS = 40;
const SMALL_FILES = 10_000;
const LARGE_BYTES = 2_000_000_000;
/** All files and what is stored of them, with room to spare. */
const NEEDED_BYTES = 6e9;

const MB = 1e6;
const here = name => path.join(import.meta.dirname, 'store', name);

export default async function measure() {
  const folder = await mkdtemp(path.join(await roomyFolder(), 'ohif-azure-bench-'));
  try {
    await measureSpeed(folder);
    await measureMemory(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function roomyFolder() {
  const space = await statfs('/dev/shm').catch(() => undefined);
  return space && space.bavail * space.bsize > NEEDED_BYTES ? '/dev/shm' : tmpdir();
}

async function measureSpeed(folder) {
  const files = path.join(folder, 'files');
  await writeBenchFiles(files, FILES, FILE_BYTES);
  const totalBytes = FILES * FILE_BYTES;
  const store = options => against(folder, { latencyMs: LATENCY_MS }, { files, ...options });

  const oneByOne = await store({ concurrency: 1, maxRequestInstances: 1 });
  const packed = await store({});
  const unstored = await against(folder, { latencyMs: LATENCY_MS, sink: true }, { files });
  const line = await against(folder, { latencyMs: LATENCY_MS, sink: true }, { raw: totalBytes });

  const rate = ({ ms }) => totalBytes / MB / (ms / 1000);
  const row = (what, run, more) =>
    console.log(
      `${what.padEnd(34)} ${(run.ms / 1000).toFixed(1).padStart(6)} s  ${rate(run).toFixed(0).padStart(5)} MB/s  ${more}`
    );
  console.log(
    `${FILES} files of ${FILE_BYTES / MB} MB, ${LATENCY_MS} ms latency for each request, over loopback`
  );
  row('one file per request, in turn', oneByOne, `${oneByOne.requests} requests`);
  row(
    'storeFiles',
    packed,
    `${packed.requests} requests, peak ${(packed.maxRssBytes / MB).toFixed(0)} MB of memory`
  );
  row(
    'the line: the same bytes, discarded',
    line,
    '1 request, nothing read from or written to files'
  );
  console.log(
    `storeFiles is ${(oneByOne.ms / packed.ms).toFixed(1)} times as fast, and reaches ${((100 * line.ms) / packed.ms).toFixed(0)} % of the line's limit, ${((100 * line.ms) / unstored.ms).toFixed(0)} % where the server does not hold it back`
  );
}

async function measureMemory(folder) {
  const small = path.join(folder, 'small');
  await writeBenchFiles(small, SMALL_FILES, 10_000);
  const many = await against(folder, { latencyMs: 0, sink: true }, { files: small });
  await rm(small, { recursive: true });
  const large = path.join(folder, 'large');
  await writeLargeFile(large, LARGE_BYTES);
  const one = await against(folder, { latencyMs: 0, sink: true }, { files: large });
  const peak = ({ maxRssBytes }) => `${(maxRssBytes / MB).toFixed(0)} MB`;
  console.log(
    `peak of memory: ${peak(many)} for ${SMALL_FILES} files, ${peak(one)} for one file of 2 GB`
  );
}

/** Starts a service, lets a client do its work against it, and ends both. */
async function against(folder, serviceSettings, clientSettings) {
  const data = await mkdtemp(path.join(folder, 'service-'));
  const service = fork(here('service.js'), [JSON.stringify({ ...serviceSettings, data })]);
  try {
    const [{ serviceUrl }] = await once(service, 'message');
    const client = fork(here('client.js'), [JSON.stringify({ ...clientSettings, serviceUrl })]);
    const ended = once(client, 'exit').then(([status]) => {
      throw new Error(`The client ended with status ${status}.`);
    });
    const [result] = await Promise.race([once(client, 'message'), ended]);
    ended.catch(() => undefined);
    return result;
  } finally {
    const ended = once(service, 'exit');
    service.kill();
    await ended;
    await rm(data, { recursive: true, force: true });
  }
}
