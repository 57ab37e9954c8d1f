/**
 * The emulator beside Debian's Orthanc with its DICOMweb plugin: Store, search, metadata and frames per second, over
 * HTTP, on the same files, in turn. Then how long the emulator takes to start with 100,000 instances, and to answer
 * searches. Both keep their data on the same disk and make what they acknowledge durable.
 *
 * Beside each rate stands the processor time of the server per request: it holds on a busy machine, where rates do not.
 *
 * `EMULATOR_BENCH_INSTANCES` sets how many instances the last part has (default 100000; 0 leaves it out),
 * `EMULATOR_BENCH_ROUNDS` how many rounds the comparison has (default 5; 0 leaves it out), `EMULATOR_BENCH_TRANSACTIONS` what it
 * measures besides Store (default search,metadata,frames; none for Store alone), and `EMULATOR_BENCH_PARTS` how many instances a
 * Store request has (default 1).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { storeBody, syntheticInstance, uidsOf } from '../support/synthetic-study.js';

const ROUNDS = Number(process.env.EMULATOR_BENCH_ROUNDS ?? 5);
const READ_TRANSACTIONS = (
  process.env.EMULATOR_BENCH_TRANSACTIONS ?? 'search,metadata,frames'
).split(',');
const PARTS = Number(process.env.EMULATOR_BENCH_PARTS ?? 1);
const CLIENTS = 4;
const PER_STUDY = 250;
const IMAGE = { rows: 256, columns: 256 };
const READS = 500;
const EMULATOR = path.resolve(import.meta.dirname, '../../packages/emulator/dist/index.js');
const PLUGIN = '/usr/share/orthanc/plugins/libOrthancDicomWeb.so';
/** Linux counts processor time in hundredths of a second. */
const MS_PER_TICK = 10;
const SEARCHES_PER_QUERY = 5;

export default async function measure() {
  if (ROUNDS > 0) await compare();
  const instances = Number(process.env.EMULATOR_BENCH_INSTANCES ?? 100_000);
  if (instances > 0) await measureMany(instances);
}

async function compare() {
  const folder = mkdtempSync(path.join(tmpdir(), 'ohif-azure-bench-'));
  const archives = {
    emulator: await startEmulator(path.join(folder, 'emulator')),
    Orthanc: await startOrthanc(path.join(folder, 'orthanc')),
  };
  const figures = {};
  const note = async (round, what, name, count, work) => {
    const { pid } = archives[name].child;
    const before = processorMs(pid);
    const perSecond = await rate(count, work);
    const figure = { perSecond, cpuMs: (processorMs(pid) - before) / count };
    if (round > 0) ((figures[what] ??= {})[name] ??= []).push(figure);
  };
  try {
    // The first round warms both up and does not count.
    for (let round = 0; round <= ROUNDS; round += 1) {
      const files = Array.from({ length: PER_STUDY }, (_, instance) =>
        syntheticInstance({ study: round, instance }, IMAGE)
      );
      const bodies = [];
      for (let at = 0; at < files.length; at += PARTS) {
        bodies.push(storeBody(files.slice(at, at + PARTS), 'bench'));
      }
      // The first one to be measured takes turns too.
      const turns = Object.entries(archives);
      if (round % 2 === 1) turns.reverse();
      for (const [name, { root }] of turns) {
        const urls = urlsOf(root, round);
        const reads = {
          search: i => get(urls.searches[i % urls.searches.length]),
          metadata: i => get(urls.metadata[i % PER_STUDY]),
          frames: i => get(urls.frames[i % PER_STUDY], FRAME),
        };
        await note(round, 'Store', name, bodies.length, i => store(root, bodies[i]));
        for (const what of READ_TRANSACTIONS.filter(one => one in reads)) {
          await note(round, what, name, READS, reads[what]);
        }
      }
    }
    for (const [what, byName] of Object.entries(figures)) {
      const of = (name, property) => byName[name].map(figure => figure[property]);
      const [ours, theirs] = [of('emulator', 'perSecond'), of('Orthanc', 'perSecond')];
      console.log(
        `${what} requests per second: emulator ${median(ours).toFixed(0)}, Orthanc ${median(theirs).toFixed(0)}, ` +
          `ratio ${(median(ours) / median(theirs)).toFixed(1)} ` +
          `(median of ${ROUNDS}; emulator ${range(ours)}, Orthanc ${range(theirs)}); processor time per request: ` +
          `emulator ${mean(of('emulator', 'cpuMs')).toFixed(2)} ms, Orthanc ${mean(of('Orthanc', 'cpuMs')).toFixed(2)} ms`
      );
    }
    for (const [name, { child }] of Object.entries(archives)) {
      const { now, highest } = memoryOf(child.pid);
      console.log(`memory of ${name}: ${now} MB resident, at most ${highest} MB`);
    }
  } finally {
    for (const { child } of Object.values(archives)) await end(child);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureMany(instances) {
  const folder = mkdtempSync(path.join(tmpdir(), 'ohif-azure-bench-'));
  try {
    writeMany(folder, instances);
    const first = await timedStart(folder);
    console.log(
      `start with ${instances} instances without an index: ${first.seconds.toFixed(1)} s`
    );
    await end(first.child);
    const { seconds, child, root } = await timedStart(folder);
    console.log(`start with ${instances} instances: ${seconds.toFixed(1)} s`);
    const studies = `${root}/studies`;
    const queries = {
      'all studies': `${studies}?limit=100`,
      'studies by PatientID': `${studies}?PatientID=MRN000123`,
      'studies by part of a name': `${studies}?PatientName=synth&fuzzymatching=true&limit=100`,
      'studies by modality with counts': `${studies}?ModalitiesInStudy=PT&includefield=NumberOfStudyRelatedInstances`,
      'all series': `${root}/series?limit=100`,
      'series by part of a name': `${root}/series?PatientName=patient004&fuzzymatching=true&limit=100`,
      'all instances': `${root}/instances?limit=100`,
      'instances by SOPInstanceUID': `${root}/instances?SOPInstanceUID=${uidsOf(1, 0, 0).sopInstanceUID}`,
      'instances by part of a name': `${root}/instances?PatientName=synth&fuzzymatching=true&limit=100`,
      'the last page of instances': `${root}/instances?limit=100&offset=${Math.max(0, instances - 100)}`,
      'instances of a study': `${studies}/${uidsOf(1, 0, 0).studyInstanceUID}/instances?limit=100`,
    };
    for (const [name, url] of Object.entries(queries)) {
      const times = [];
      for (let i = 0; i < SEARCHES_PER_QUERY; i += 1) times.push(await timed(() => get(url)));
      console.log(
        `search for ${name}: ${(median(times) * 1000).toFixed(1)} ms (first ${(times[0] * 1000).toFixed(1)} ms)`
      );
    }
    console.log(`memory: ${memoryOf(child.pid).now} MB resident`);
    await end(child);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Part 10 files as the emulator lays them out, two series of 100 in each study. */
function writeMany(folder, instances) {
  for (let i = 0; i < instances; i += 1) {
    const place = {
      study: Math.floor(i / 200),
      series: Math.floor(i / 100) % 2,
      instance: i % 100,
    };
    const uids = uidsOf(place.study, place.series, place.instance);
    const series = path.join(folder, uids.studyInstanceUID, uids.seriesInstanceUID);
    if (place.instance === 0) mkdirSync(series, { recursive: true });
    const file = syntheticInstance(place, { rows: 4, columns: 4 });
    writeFileSync(
      path.join(series, `${uids.sopInstanceUID}_${1_700_000_000_000 + i}_v2.dcm`),
      file
    );
  }
}

async function timedStart(folder) {
  const start = performance.now();
  const started = await startEmulator(folder);
  return { ...started, seconds: (performance.now() - start) / 1000 };
}

const FRAME = 'multipart/related; type="application/octet-stream"; transfer-syntax=*';

function urlsOf(root, study) {
  const uids = Array.from({ length: PER_STUDY }, (_, instance) => uidsOf(study, 0, instance));
  const instances = uids.map(
    one =>
      `${root}/studies/${one.studyInstanceUID}/series/${one.seriesInstanceUID}/instances/${one.sopInstanceUID}`
  );
  const { studyInstanceUID } = uids[0];
  return {
    searches: [
      `${root}/studies?PatientID=MRN${String(study).padStart(6, '0')}`,
      `${root}/studies?StudyInstanceUID=${studyInstanceUID}`,
      `${root}/studies/${studyInstanceUID}/series`,
    ],
    metadata: instances.map(url => `${url}/metadata`),
    frames: instances.map(url => `${url}/frames/1`),
  };
}

const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });

function get(url, accept = 'application/dicom+json') {
  return send(url, { headers: { accept }, agent });
}

function store(root, body) {
  const headers = {
    accept: 'application/dicom+json',
    'content-type': 'multipart/related; type="application/dicom"; boundary=bench',
    'content-length': body.length,
  };
  return send(`${root}/studies`, { method: 'POST', headers, agent }, body);
}

function send(url, options, body) {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, options, response => {
      response.resume();
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200) resolve();
        else reject(new Error(`${response.statusCode} from ${url}`));
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** Does `work` `count` times with several clients. @returns times per second */
async function rate(count, work) {
  let next = 0;
  const seconds = await timed(() =>
    Promise.all(
      Array.from({ length: CLIENTS }, async () => {
        while (next < count) await work(next++);
      })
    )
  );
  return count / seconds;
}

async function timed(work) {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

async function startEmulator(dataDir) {
  const program = `
    const { startDicomService } = await import(${JSON.stringify(EMULATOR)});
    const service = await startDicomService({ auth: 'none', port: 0, dataDir: process.argv[1] });
    console.log(service.url);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    return { child, root: `${line}/v2` };
  }
  throw new Error('The emulator ended without a line.');
}

async function startOrthanc(folder) {
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const settings = {
    StorageDirectory: folder,
    IndexDirectory: folder,
    HttpPort: port,
    DicomServerEnabled: false,
    AuthenticationEnabled: false,
    KeepAlive: true,
    Plugins: [PLUGIN],
    DicomWeb: { Enable: true, Root: '/dicom-web/' },
  };
  const file = path.join(folder, 'orthanc.json');
  writeFileSync(file, JSON.stringify(settings));
  const log = `--logfile=${path.join(folder, 'orthanc.log')}`;
  const child = spawn('Orthanc', [file, log], { stdio: 'ignore' });
  const root = `http://127.0.0.1:${port}/dicom-web`;
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    const up = await get(`${root}/studies?limit=1`).then(
      () => true,
      () => false
    );
    if (up) return { child, root };
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  throw new Error('Orthanc did not start.');
}

async function freePort() {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

/** Megabytes. */
function memoryOf(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const of = name => Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024);
  return { now: of('VmRSS'), highest: of('VmHWM') };
}

/** Processor time of a process and its threads so far. */
function processorMs(pid) {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [user, system] = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13);
  return (Number(user) + Number(system)) * MS_PER_TICK;
}

const mean = values => values.reduce((sum, value) => sum + value, 0) / values.length;
const sorted = values => [...values].sort((a, b) => a - b);
const median = values => sorted(values)[Math.floor(values.length / 2)];
const range = values => `${sorted(values)[0].toFixed(0)}-${sorted(values).at(-1).toFixed(0)}`;
