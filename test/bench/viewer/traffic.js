/** What the browser asks of the DICOM service, and the latency of its preflights. */
import { request } from 'node:http';

/**
 * Makes sure that preflights take the latency too. The emulator's `--latency-ms` leaves them alone, but over a real line
 * they are round trips as others are: where one comes back too soon, all are delayed by a fault of the test hooks that
 * holds up `OPTIONS` and carries it out.
 *
 * @returns who delays them, for the console
 */
export async function delayPreflights(stack, latencyMs) {
  if (latencyMs === 0) return 'not delayed';
  const start = performance.now();
  await ask(stack, 'OPTIONS', '/v2/studies', {
    Origin: stack.viewer,
    'Access-Control-Request-Method': 'GET',
    'Access-Control-Request-Headers': 'authorization',
  });
  if (performance.now() - start >= latencyMs) return 'delayed by the emulator';
  const fault = { match: { method: 'OPTIONS' }, delayMs: latencyMs };
  await ask(stack, 'POST', '/_test/faults', {}, JSON.stringify(fault));
  return 'delayed by a fault of this benchmark (the emulator’s --latency-ms leaves them alone)';
}

/** Forgets what was asked so far. */
export async function forgetRequests(stack) {
  await ask(stack, 'DELETE', '/_test/requests');
}

/** How many requests and preflights were answered since. */
export async function countRequests(stack) {
  const records = JSON.parse(await ask(stack, 'GET', '/_test/requests'));
  const preflights = records.filter(({ method }) => method === 'OPTIONS').length;
  return { requests: records.length - preflights, preflights };
}

/** Counts the bytes of answers from the DICOM service to one page and its workers. */
export class Traffic {
  #origin;
  #open = new Set();
  #sizes = [];
  #token = '';

  constructor(page, stack) {
    this.#origin = new URL(stack.dicom).origin;
    page.on('request', each => this.#concerns(each) && this.#started(each));
    page.on('requestfinished', each => this.#concerns(each) && this.#finished(each));
    page.on('requestfailed', each => this.#open.delete(each));
  }

  /** The `Authorization` of the last request that had one. */
  get authorization() {
    return this.#token;
  }

  /** To be called when the page was left: its requests are not always said to have failed. */
  leave() {
    this.#open.clear();
  }

  get isIdle() {
    return this.#open.size === 0;
  }

  forget() {
    this.#sizes = [];
  }

  async bytes() {
    return (await Promise.all(this.#sizes)).reduce((sum, size) => sum + size, 0);
  }

  #concerns(each) {
    return new URL(each.url()).origin === this.#origin;
  }

  #started(each) {
    this.#open.add(each);
    this.#token = each.headers().authorization ?? this.#token;
  }

  #finished(each) {
    this.#open.delete(each);
    const size = each.sizes().then(
      ({ responseBodySize }) => responseBodySize,
      () => 0
    );
    this.#sizes.push(size);
  }
}

function ask(stack, method, path, headers = {}, body = undefined) {
  return new Promise((resolve, reject) => {
    const asked = request(new URL(path, stack.dicom), { method, headers }, answer => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', chunk => (text += chunk));
      answer.on('end', () => {
        if (answer.statusCode < 300) resolve(text);
        else reject(new Error(`${method} ${path}: ${answer.statusCode} ${text}`));
      });
    });
    asked.on('error', reject);
    asked.end(body);
  });
}
