import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '@ohif-azure/core';
import { call } from '../testing/client.ts';
import { MARKER, Peers, partsOf, storeJob } from '../testing/peers.ts';
import { REPLAY_BYTES } from './store-request.ts';

const S = '/servers/azure-dicom';
const STORED = JSON.stringify({ '00081199': { vr: 'SQ', Value: [{}] } });
const LONG = 'x'.repeat(3 * REPLAY_BYTES);
const SIZES = [
  ['a body that is kept', 'short'],
  ['a body that is announced first', LONG],
] as const;

/** Time that passes at once, and is noted. */
class NotedClock implements Clock {
  readonly waits: number[] = [];
  now = (): number => 1_700_000_000_000 + this.waits.reduce((sum, ms) => sum + ms, 0);
  sleep = async (ms: number): Promise<void> => void this.waits.push(ms);
}

type Step = (request: IncomingMessage, response: ServerResponse) => void;
const refuse =
  (status: number, headers: Record<string, string> = {}): Step =>
  (_request, response) =>
    void response.writeHead(status, { ...headers, connection: 'close' }).end();

describe('a request that is refused before its body', () => {
  let peers: Peers;
  let clock: NotedClock;
  beforeEach(async () => {
    clock = new NotedClock();
    peers = await new Peers().start({ clock });
    peers.answer = { status: 200, body: STORED };
  });
  afterEach(() => peers.stop());

  /** Answers the first requests by these steps, later ones as usual; without `100 Continue` for those. */
  const steps = (...list: Step[]): void => {
    const next: Step = (request, response) => {
      const step = list.shift();
      if (step) step(request, response);
      else {
        if (request.headers.expect) response.writeContinue();
        peers.collect(request, response);
      }
    };
    peers.script = next;
    peers.onExpect(next);
  };
  const post = (content: string) =>
    call(peers.relay.url, `${S}/studies`, storeJob(content).options);
  const metrics = async () => (await call(peers.relay.url, '/metrics')).body;

  describe.each(SIZES)('%s', (_name, content) => {
    it('401: goes out again with a new access token', async () => {
      steps(refuse(401));
      expect((await post(content)).status).toBe(200);
      expect(peers.received.map(({ headers }) => headers.authorization)).toEqual([
        `Bearer ${MARKER}-2`,
      ]);
      expect(peers.received.map(partsOf)).toEqual([[content]]);
      expect(await metrics()).toMatch(/relay_retries_total\{server="azure-dicom",reason="401"\} 1/);
      expect(await metrics()).toMatch(/relay_token_renewals_total\{.*result="obtained"\} 2/);
    });

    it('401 twice: 403, and nothing is stored', async () => {
      steps(refuse(401), refuse(401));
      expect((await post(content)).status).toBe(403);
      expect(peers.received).toEqual([]);
    });

    // prettier-ignore
    const LATER: readonly (readonly [cite: string, status: number, header: string, waitMs: number])[] = [
      ['RFC 9110 10.2.3', 503, '7', 7_000],
      ['RFC 6585 4', 429, '2', 2_000],
    ];
    it.each(LATER)(
      '%s: %i with Retry-After: waits, and goes out again',
      async (_cite, status, header, waitMs) => {
        steps(refuse(status, { 'retry-after': header }));
        expect((await post(content)).status).toBe(200);
        expect(clock.waits).toEqual([waitMs]);
        expect(await metrics()).toContain(
          `relay_retries_total{server="azure-dicom",reason="${status}"} 1`
        );
      }
    );

    it('passes 503 on at once when the service asks for more time than there is', async () => {
      steps(refuse(503, { 'retry-after': '31' }));
      expect(await post(content)).toMatchObject({ status: 503, headers: { 'retry-after': '31' } });
      expect(clock.waits).toEqual([]);
    });

    it('gives up after some attempts', async () => {
      steps(...Array.from({ length: 9 }, () => refuse(503)));
      expect((await post(content)).status).toBe(503);
      expect(clock.waits).toHaveLength(2);
    });

    it('does not repeat what is no "later"', async () => {
      steps(refuse(413));
      expect((await post(content)).status).toBe(413);
      expect(peers.opened).toBe(1);
    });
  });

  it('RFC 9110 15.5.18: sends without Expect where the service does not know it', async () => {
    steps(refuse(417));
    expect((await post(LONG)).status).toBe(200);
    expect((await post(LONG)).status).toBe(200);
    expect(peers.received.map(({ headers }) => headers.expect)).toEqual([undefined, undefined]);
  });

  it('RFC 9110 10.1.1: sends when nothing is said for some time, and does not ask again', async () => {
    peers.onExpect((request, response) => peers.collect(request, response));
    expect((await post(LONG)).status).toBe(200);
    expect((await post(LONG)).status).toBe(200);
    expect(peers.received.map(({ headers }) => headers.expect)).toEqual([
      '100-continue',
      undefined,
    ]);
  });

  it('takes a new connection when the one that was kept is dead', async () => {
    expect((await post('one')).status).toBe(200);
    peers.script = request => void request.socket.destroy();
    const second = post('two');
    await peers.openings(2);
    peers.script = undefined;
    expect((await second).status).toBe(200);
    expect(peers.received.flatMap(partsOf)).toEqual(['one', 'two']);
  });

  it('sends GET and DELETE again after 503', async () => {
    steps(refuse(503, { 'retry-after': '1' }), refuse(429, { 'retry-after': '1' }));
    await expect(call(peers.relay.url, `${S}/studies`)).resolves.toMatchObject({ status: 200 });
    expect(clock.waits).toEqual([1_000, 1_000]);
  });
});

describe('an access token that the service may not take, and a body that can be sent only once', () => {
  let peers: Peers;
  beforeEach(async () => {
    peers = await new Peers().start();
    peers.answer = { status: 200, body: STORED };
  });
  afterEach(() => peers.stop());
  const post = (content: string) =>
    call(peers.relay.url, `${S}/studies`, storeJob(content).options);
  const bearer = (n: number) => `Bearer ${MARKER}-${n}`;

  it('is asked about once, by a small search, and not when the service has taken it before', async () => {
    await post(LONG);
    await post(LONG);
    expect(peers.proofs).toEqual([bearer(1)]);
    await peers.stop();
    peers = await new Peers().start();
    peers.answer = { status: 200, body: STORED };
    await post('short');
    await post(LONG);
    expect(peers.proofs).toEqual([]);
  });

  it('is replaced before the body begins, whoever says "100 Continue"', async () => {
    peers.proofStatuses = [401];
    expect((await post(LONG)).status).toBe(200);
    expect(peers.proofs).toEqual([bearer(1), bearer(2)]);
    expect(peers.received.map(({ headers }) => headers.authorization)).toEqual([bearer(2)]);
    expect(peers.opened).toBe(1);
  });

  it('refused twice: 403, and nothing is sent', async () => {
    peers.proofStatuses = [401, 401];
    expect(await post(LONG)).toMatchObject({ status: 403, body: expect.stringMatching(/401/) });
    expect(peers.opened).toBe(0);
  });

  it.each([403, 404, 429, 500, 503])(
    'a search that is answered %i keeps nothing from being stored',
    async status => {
      peers.proofStatuses = [status];
      expect((await post(LONG)).status).toBe(200);
    }
  );

  it('refused within the body all the same: an honest failure that says what to do, and a new one next time', async () => {
    const late: Step = (request, response) => {
      if (request.headers.expect) response.writeContinue();
      let bytes = 0;
      request.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > 2 * REPLAY_BYTES && !response.headersSent) response.writeHead(401).end();
      });
    };
    peers.script = late;
    peers.onExpect(late);
    const job = storeJob(LONG, LONG, LONG);
    const send = () => call(peers.relay.url, `${S}/studies`, job.options);
    expect(await send()).toMatchObject({
      status: 403,
      body: expect.stringMatching(/nothing of this request was stored.*send the study anew/),
    });
    await peers.logged('access-token-refused');
    expect(peers.log).toContainEqual(
      expect.objectContaining({ reason: 'access-token-refused', upstreamStatus: 401 })
    );
    // "Resubmit" leaves out what it has sent.
    expect((await send()).status).toBe(409);
    peers.script = undefined;
    peers.onExpect((request, response) => {
      response.writeContinue();
      peers.collect(request, response);
    });
    expect((await post(LONG)).status).toBe(200);
    expect(peers.received.map(({ headers }) => headers.authorization)).toEqual([bearer(2)]);
  });

  it('is asked about again after a line that broke within the body', async () => {
    await post('short');
    const cut: Step = request => void request.once('data', () => request.socket.destroy());
    peers.onExpect((request, response) => {
      response.writeContinue();
      cut(request, response);
    });
    expect((await post(LONG)).status).toBe(502);
    peers.onExpect((request, response) => {
      response.writeContinue();
      peers.collect(request, response);
    });
    peers.proofStatuses = [401];
    expect((await post(LONG)).status).toBe(200);
    expect(peers.proofs).toEqual([bearer(1), bearer(2)]);
  });
});

describe('a Store that is longer than one request may be', () => {
  const PART = 'x'.repeat(700_000);
  let peers: Peers;
  beforeEach(async () => {
    peers = await new Peers().start({ server: { maxRequestBytes: 1_500_000 } });
  });
  afterEach(() => peers.stop());
  const answerEach = (): void => {
    peers.script = (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method = '', url = '', headers } = request;
        const received = { method, url, headers, body: Buffer.concat(chunks).toString('latin1') };
        peers.received.push(received);
        const items = partsOf(received).map(() => ({}));
        response.end(JSON.stringify({ '00081199': { vr: 'SQ', Value: items } }));
      });
    };
  };
  const post = (...parts: string[]) =>
    call(peers.relay.url, `${S}/studies`, storeJob(...parts).options);

  it('goes in several, and is answered as one', async () => {
    answerEach();
    const answer = await post(PART, PART, PART, 'small', PART);
    expect(answer.status).toBe(200);
    const dataset = JSON.parse(answer.body) as Record<string, { Value: unknown[] }>;
    expect(dataset['00081199']?.Value).toHaveLength(5);
    const sent = peers.received.map(received => partsOf(received).map(part => part.length));
    expect(sent).toEqual([
      [700_000, 700_000],
      [700_000, 5, 700_000],
    ]);
    expect(peers.log.at(-1)).toMatchObject({ instances: 5, upstreamRequests: 2, stored: 5 });
  });

  it('sends a part that is longer by itself alone, and lets the service decide', async () => {
    answerEach();
    await post('a', 'x'.repeat(2_000_000), 'b');
    const sent = peers.received.map(received => partsOf(received).map(part => part.length));
    expect(sent).toEqual([[1], [2_000_000], [1]]);
  });

  it('says how far it came when one is refused, and sends no more', async () => {
    answerEach();
    const first = peers.script;
    peers.script = (request, response) => {
      if (peers.opened === 1) first?.(request, response);
      else response.writeHead(507, { connection: 'close' }).end();
    };
    const answer = await post(PART, PART, PART, PART, PART);
    expect(answer).toMatchObject({
      status: 507,
      body: expect.stringMatching(/^Instances 3 and following were not stored: .* 507/),
    });
    expect(peers.opened).toBe(2);
  });
});

describe('an access token that is renewed during a long Store', () => {
  it('is used from the next part on, in a request of its own', async () => {
    let time = 1_700_000_000_000;
    const peers = await new Peers().start({ clock: { now: () => time } });
    peers.script = (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        time += 100_000; // the line is slow
      });
      request.on('end', () => {
        const { method = '', url = '', headers } = request;
        const received = { method, url, headers, body: Buffer.concat(chunks).toString('latin1') };
        peers.received.push(received);
        response.end(
          JSON.stringify({ '00081199': { vr: 'SQ', Value: partsOf(received).map(() => ({})) } })
        );
      });
    };
    const parts = Array.from({ length: 8 }, () => LONG);
    const answer = await call(peers.relay.url, `${S}/studies`, storeJob(...parts).options);
    expect(answer.status).toBe(200);
    const tokens = peers.received.map(({ headers }) => headers.authorization);
    expect(tokens.length).toBeGreaterThan(1);
    expect(new Set(tokens).size).toBe(tokens.length);
    expect(peers.received.flatMap(partsOf)).toHaveLength(8);
    await peers.stop();
  }, 20_000);
});
