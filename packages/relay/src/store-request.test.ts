import { EventEmitter } from 'node:events';
import type { ClientRequest } from 'node:http';
import { systemClock } from '@ohif-azure/core';
import { RetryBudget } from './retry-budget.ts';
import type { Service } from './service.ts';
import { StoreRequest } from './store-request.ts';

/** A request whose body leaves when the test says so. */
class Outgoing extends EventEmitter {
  readonly written: Buffer[] = [];
  isDestroyed = false;
  reusedSocket = false;
  leave: () => void = () => undefined;

  write(bytes: Buffer): boolean {
    this.written.push(bytes);
    return true;
  }

  end(bytes: Buffer, onSent: () => void): void {
    this.written.push(bytes);
    this.leave = onSent;
  }

  destroy(): void {
    this.isDestroyed = true;
    this.emit('error', new Error('destroyed'));
  }
}

/** A small Store that is ended; `giveToken` lets it have its access token. */
function smallStore() {
  const outgoing = new Outgoing();
  let giveToken: () => void = () => undefined;
  const token = new Promise<undefined>(resolve => (giveToken = () => resolve(undefined)));
  const opened: Record<string, unknown>[] = [];
  const service = {
    access: { accessToken: () => token, doubted: () => undefined },
    upstream: {
      open: ({ headers }: { headers: Record<string, unknown> }) => {
        opened.push(headers);
        return outgoing as unknown as ClientRequest;
      },
    },
  } as unknown as Service;
  const { signal } = new AbortController();
  const budget = new RetryBudget(systemClock, 0);
  const request = new StoreRequest({ service, path: '/studies', caller: { signal }, budget });
  return { outgoing, opened, request, giveToken };
}

/** Longer than what an access token that is at hand takes. */
const soon = () => new Promise<void>(resolve => setImmediate(resolve));

describe('a Store that is sent as a whole', () => {
  it.each([
    ['as it came, of few pieces', 1, 3],
    ['joined, of many', 10, 1],
  ])('goes out %s, with its length', async (_how, pieces, writes) => {
    const { outgoing, opened, request, giveToken } = smallStore();
    void request.begin('application/dicom');
    for (let piece = 0; piece < pieces; piece += 1) void request.write(Buffer.from('x'));
    const ended = request.end();
    giveToken();
    await soon();
    const body = Buffer.concat(outgoing.written).toString();
    expect(outgoing.written).toHaveLength(writes);
    expect(body).toMatch(
      /^--([\w-]+)\r\nContent-Type: application\/dicom\r\n\r\nx+\r\n--\1--\r\n$/
    );
    expect(opened[0]).toMatchObject({ 'content-length': body.length });
    outgoing.destroy();
    await expect(ended).rejects.toMatchObject({ reason: 'unreachable' });
  });

  it.each([
    ['before it has an access token', 'before', true],
    ['while its body is on the way out', 'leaving', true],
    ['when the service has all of it: the answer is still of use', 'left', false],
  ])('is cut %s', async (_when, when, isCut) => {
    const { outgoing, request, giveToken } = smallStore();
    void request.begin('application/dicom');
    const ended = request.end();
    ended.catch(() => undefined);
    if (when === 'before') request.cut();
    giveToken();
    await soon();
    if (when === 'left') outgoing.leave();
    if (when !== 'before') request.cut();
    expect(outgoing.isDestroyed).toBe(isCut);
    if (!isCut) outgoing.destroy();
    await expect(ended).rejects.toMatchObject({ reason: 'unreachable' });
  });
});
