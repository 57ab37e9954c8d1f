import type { IncomingMessage, ServerResponse } from 'node:http';
import { cutAfterAnswerBytes, cutAfterRequestBytes } from './cut-line.ts';
import { FaultFormatError, parseFault, takeFault } from './faults.ts';
import type { Fault } from './faults.ts';
import { pathOf, recordWhenDone } from './request-record.ts';
import type { RequestRecord } from './request-record.ts';

const MAX_RECORDS = 10_000;

/** Settings of {@link createTestHooks}. */
export interface TestHooksOptions {
  /** CORS headers of the service, for injected answers. None by default. */
  corsHeaders?: (request: IncomingMessage) => Record<string, string>;
}

/** Faults to inject and a record of what was asked, for tests of clients. */
export interface TestHooks {
  /**
   * To be called first with each request: serves `/_test/*`, records the rest, and applies faults.
   *
   * @returns `true` when the request has been answered or its line cut; else carry it out.
   */
  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
}

/**
 * Makes the test hooks of one server: `POST|DELETE /_test/faults`, `GET|DELETE /_test/requests`.
 * They take no credential; serve them on a loopback address only.
 */
export function createTestHooks(options: TestHooksOptions = {}): TestHooks {
  const faults: Fault[] = [];
  let records: RequestRecord[] = [];

  async function control(request: IncomingMessage, response: ServerResponse): Promise<void> {
    switch (`${request.method} ${pathOf(request)}`) {
      case 'POST /_test/faults':
        try {
          faults.push(parseFault(await bodyText(request)));
          response.writeHead(204).end();
        } catch (error) {
          if (!(error instanceof FaultFormatError)) throw error;
          answerText(response, 400, error.message);
        }
        return;
      case 'DELETE /_test/faults':
        faults.length = 0;
        response.writeHead(204).end();
        return;
      case 'GET /_test/requests':
        response.writeHead(200, { 'Content-Type': 'application/json' });
        response.end(JSON.stringify(records));
        return;
      case 'DELETE /_test/requests':
        records = [];
        response.writeHead(204).end();
        return;
      default:
        answerText(response, 404, 'The test hooks are /_test/faults and /_test/requests.');
    }
  }

  async function apply(fault: Fault, request: IncomingMessage, response: ServerResponse) {
    if (fault.delayMs && !(await delay(fault.delayMs, response))) return true;
    if (fault.dropAfterBytes !== undefined) {
      await cutAfterRequestBytes(request, fault.dropAfterBytes);
      return true;
    }
    if (fault.dropAnswerAfterBytes !== undefined) {
      cutAfterAnswerBytes(response, fault.dropAnswerAfterBytes);
    }
    if (fault.status === undefined) return false;
    await drain(request);
    response.writeHead(fault.status, { ...options.corsHeaders?.(request), ...fault.headers });
    response.end(fault.body);
    return true;
  }

  return {
    async handle(request, response) {
      const path = pathOf(request);
      if (path.startsWith('/_test/')) {
        await control(request, response);
        return true;
      }
      recordWhenDone(request, response, record => {
        records.push(record);
        if (records.length > MAX_RECORDS) records.shift();
      });
      const fault = takeFault(faults, request.method ?? 'GET', path);
      return fault ? apply(fault, request, response) : false;
    },
  };
}

function answerText(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(message);
}

async function bodyText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** Reads a request's body to its end, so that the client is not cut off while it sends. */
export async function drain(request: IncomingMessage): Promise<void> {
  if (request.complete || request.destroyed) return;
  await new Promise<void>(resolve => {
    for (const event of ['end', 'close', 'error']) request.once(event, () => resolve());
    request.resume();
  });
}

/** Waits; gives `false` when the client went away meanwhile. */
export function delay(milliseconds: number, response: ServerResponse): Promise<boolean> {
  return new Promise(resolve => {
    const finish = (present: boolean) => {
      clearTimeout(timer);
      response.off('close', gone);
      resolve(present);
    };
    const gone = () => finish(false);
    const timer = setTimeout(() => finish(true), milliseconds);
    response.once('close', gone);
  });
}
