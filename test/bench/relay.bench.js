/**
 * The relay beside nginx (`proxy_request_buffering off`), in front of the same service, alternately in one run.
 *
 * Small Stores are measured before three services, since the ratio says as much of the service as of the relay:
 * - one that stores what it takes, and is durable before it answers (the emulator): the figure that is wanted to be 0.8. It is the fastest service that
 *   really does the work; a hosted one needs more, and is farther away;
 * - one that answers after 10 ms: what a near data centre costs at least. The ratio is about 1 whatever the relay does;
 * - one that does nothing at all: no service is like that. It shows what the way itself costs. The relay reads each part, checks it, notes its boundary on
 *   disk, reads the answer and logs, in JavaScript; nginx copies bytes. The ratio is far below 1 there, and the time that each Store costs more is the
 *   figure to look at.
 *
 * Both have the same two connections of the sender, and keep their connections to the service. nginx writes no log; the relay writes its line for each
 * request, which goes nowhere.
 *
 * `npm run bench -- relay --small`: only the small Stores.
 *
 * On a machine that is busy with other work the figures mean little: the load is printed with them. The relay's processor time for each Store
 * depends on it least.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { cpus, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { instance, Sender } from './relay/sender.js';

const HERE = path.join(import.meta.dirname, 'relay');
const ROUNDS = 5;
const PART_BYTES = 524_288;
const PARTS = 2_048; // 1 GiB
const SMALL_BYTES = 16_384;
const SMALL_STORES = 1_000;
/** As many as Orthanc runs at the same time (`ConcurrentJobs`). */
const SMALL_PARALLEL = 2;
/** Of a service that is not on this machine. */
const FAR_MS = 10;
const SLOW_BYTES_PER_SECOND = 40_000_000;
const SLOW_PARTS = 576; // 300 MB

const children = [];

/** A process that prints its port when it is up. */
function run(program, args) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', code => reject(new Error(`${args[0]} ended with ${code}`)));
    child.stdout.once('data', text => resolve({ port: Number(text), pid: child.pid, child }));
  });
}
const script = (name, ...args) =>
  run(process.execPath, [path.join(HERE, name), ...args.map(String)]);

function freePort() {
  return new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function nginx(upstreamPort, folder) {
  const port = await freePort();
  const file = path.join(folder, `nginx-${upstreamPort}.conf`);
  writeFileSync(
    file,
    `daemon off; worker_processes 1; pid ${folder}/nginx-${upstreamPort}.pid; error_log ${folder}/error.log;
events { worker_connections 64; }
http {
  access_log off; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
  client_max_body_size 0; keepalive_requests 100000;
  upstream service { server 127.0.0.1:${upstreamPort}; keepalive 8; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://service; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_request_buffering off; proxy_buffering off;
    }
  }
}
`
  );
  const child = spawn('/usr/sbin/nginx', ['-p', folder, '-c', file], { stdio: 'ignore' });
  children.push(child);
  for (let tries = 0; tries < 100; tries += 1) {
    const sender = new Sender(port, '/');
    const isUp = await sender.open().then(
      () => true,
      () => false
    );
    sender.close();
    if (isUp) return { port };
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  throw new Error('nginx did not start');
}

/** Resident memory and its peak, in bytes. */
function memory(pid) {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  const read = name => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)[1]) * 1024;
  return { now: read('VmRSS'), peak: read('VmHWM') };
}

/** Time that a process has had of the processors, in milliseconds; the kernel counts in hundredths of a second. */
function processorMs(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function timed(work) {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

async function storeOnce(port, route, content, parts) {
  const sender = await new Sender(port, route).open();
  try {
    const status = await sender.store(content, parts);
    if (status !== 200) throw new Error(`a Store was answered ${status}`);
  } finally {
    sender.close();
  }
}

/** @param contents - what is stored, each once. */
async function storeMany(port, route, contents) {
  const left = [...contents];
  const work = async () => {
    const sender = await new Sender(port, route).open();
    for (let content = left.shift(); content; content = left.shift()) {
      const status = await sender.store(content, 1);
      if (status !== 200) throw new Error(`a Store was answered ${status}`);
    }
    sender.close();
  };
  await Promise.all(Array.from({ length: SMALL_PARALLEL }, work));
}

const median = list => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const range = list => `${Math.min(...list).toFixed(0)} to ${Math.max(...list).toFixed(0)}`;
const mb = bytes => (bytes / 1e6).toFixed(0);

const NGINX = '/v2/studies';
const RELAY = '/servers/azure-dicom/studies';

async function big(folder) {
  const sink = await script('sink.js', PARTS);
  const proxy = await nginx(sink.port, folder);
  const relay = await script('relay-process.js', sink.port, path.join(folder, 'data'));
  const content = instance(PART_BYTES);
  const total = PARTS * content.length;
  await storeOnce(proxy.port, NGINX, content, PARTS);
  await storeOnce(relay.port, RELAY, content, PARTS);
  const before = memory(relay.pid);
  const speeds = { nginx: [], relay: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, port, route] of [
      ['nginx', proxy.port, NGINX],
      ['relay', relay.port, RELAY],
    ]) {
      const seconds = await timed(() => storeOnce(port, route, content, PARTS));
      speeds[name].push(total / 1e6 / seconds);
    }
  }
  const ratio = median(speeds.relay) / median(speeds.nginx);
  console.log(`1 GiB Store, ${ROUNDS} times alternately, median (range), MB/s:`);
  for (const [name, list] of Object.entries(speeds)) {
    console.log(`  ${name}: ${median(list).toFixed(0)} (${range(list)})`);
  }
  console.log(`  relay / nginx: ${ratio.toFixed(2)} (wanted: at least 0.5)`);
  const after = memory(relay.pid);
  console.log(`  memory of the relay: ${mb(before.now)} MB before, at most ${mb(after.peak)} MB`);
  const buffering = await script('buffering-proxy.js', sink.port);
  const seconds = await timed(() => storeOnce(buffering.port, NGINX, content, PARTS));
  console.log(
    `  whole body in memory: ${(total / 1e6 / seconds).toFixed(0)} MB/s, at most ${mb(memory(buffering.pid).peak)} MB`
  );
}

async function slow(folder) {
  const sink = await script('sink.js', SLOW_PARTS, SLOW_BYTES_PER_SECOND);
  const relay = await script('relay-process.js', sink.port, path.join(folder, 'slow'));
  const content = instance(PART_BYTES);
  await storeOnce(relay.port, RELAY, content, SLOW_PARTS); // the first time it also compiles
  const before = memory(relay.pid).now;
  await storeOnce(relay.port, RELAY, content, SLOW_PARTS);
  const growth = memory(relay.pid).peak - before;
  console.log(
    `300 MB to a service that takes 40 MB/s: memory grew by ${mb(growth)} MB at most (wanted: under 64)`
  );
  const buffering = await script('buffering-proxy.js', sink.port);
  const started = memory(buffering.pid).now;
  await storeOnce(buffering.port, NGINX, content, SLOW_PARTS);
  console.log(`  whole body in memory: by ${mb(memory(buffering.pid).peak - started)} MB`);
}

/**
 * Small Stores, alternately through nginx and through the relay.
 * @param service - a service that stores them, or one that does nothing: then it is only the cost of the way.
 */
async function small(folder, service, name) {
  const proxy = await nginx(service.port, folder);
  const relay = await script(
    'relay-process.js',
    service.port,
    path.join(folder, `relay-${service.port}`)
  );
  const [rates, ways] = [
    { nginx: [], relay: [] },
    [
      ['nginx', proxy.port, NGINX],
      ['relay', relay.port, RELAY],
    ],
  ];
  let number = 0;
  const spent = [];
  // The first round is not counted.
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [way, port, route] of ways) {
      const contents = Array.from({ length: SMALL_STORES }, () => instance(SMALL_BYTES, number++));
      const before = processorMs(relay.pid);
      const seconds = await timed(() => storeMany(port, route, contents));
      if (round > 0 && way === 'relay')
        spent.push((processorMs(relay.pid) - before) / SMALL_STORES);
      if (round > 0) rates[way].push(SMALL_STORES / seconds);
    }
  }
  console.log(`to ${name}:`);
  for (const [way, list] of Object.entries(rates)) {
    console.log(`  ${way}: ${median(list).toFixed(0)} (${range(list)})`);
  }
  console.log(`  relay / nginx: ${(median(rates.relay) / median(rates.nginx)).toFixed(2)}`);
  const more = (1000 / median(rates.relay) - 1000 / median(rates.nginx)) * SMALL_PARALLEL;
  console.log(
    `  the relay takes ${more.toFixed(2)} ms more for each; of its processor time ${median(spent).toFixed(2)} ms`
  );
}

/** @param options - `--small`: only the small Stores. */
export default async function measure(options = []) {
  const folder = mkdtempSync(path.join(tmpdir(), 'ohif-azure-bench-'));
  console.log(
    `load of the machine before: ${loadavg()[0].toFixed(1)}, ${cpus().length} processors`
  );
  try {
    if (!options.includes('--small')) {
      await big(folder);
      await slow(folder);
    }
    console.log(
      `${SMALL_STORES} Stores of one instance of ${SMALL_BYTES / 1024} KiB, ${SMALL_PARALLEL} at a time, ${ROUNDS} times alternately, median (range), Stores/s (wanted: at least 0.8 of nginx's):`
    );
    const service = await script('service-process.js', path.join(folder, 'service'));
    await small(folder, service, 'a service that stores them (the emulator)');
    const far = await script('sink.js', 1, 0, FAR_MS);
    await small(folder, far, `a service that stores nothing and answers after ${FAR_MS} ms`);
    await small(folder, await script('sink.js', 1), 'a service that stores nothing, at once');
  } finally {
    for (const child of children) {
      child.removeAllListeners('exit');
      child.kill();
    }
    rmSync(folder, { recursive: true, force: true });
  }
}
