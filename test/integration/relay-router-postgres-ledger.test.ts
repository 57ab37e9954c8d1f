import { jest } from '@jest/globals';
import pg from 'pg';
import { openPostgresLedger, type Ledger } from '../../packages/relay/src/ledger/index.ts';
import {
  describeLedger,
  instanceId,
} from '../../packages/relay/src/ledger/testing/ledger-contract.ts';
import { postgresMissing, startPostgres, type Postgres } from '../support/postgres.ts';

// A restart of the server takes as long as its machine is busy.
jest.setTimeout(60_000);

const missing = postgresMissing();
if (missing !== undefined) console.warn(`The ledger in PostgreSQL is not tested: ${missing}.`);

(missing === undefined ? describe : describe.skip)('with the PostgreSQL of this machine', () => {
  let postgres: Postgres;
  let databases = 0;

  beforeAll(async () => {
    postgres = await startPostgres();
  }, 60_000);
  afterAll(() => postgres.close());

  const newDatabase = async (): Promise<string> => {
    const client = new pg.Client(postgres.url);
    await client.connect();
    const name = `ledger_${(databases += 1)}`;
    await client.query(`CREATE DATABASE ${name}`);
    await client.end();
    return postgres.url.replace(/postgres$/, name);
  };
  const TIMES = { quietMs: 0, longestMs: 0 };
  const LEASE_MS = 400;

  describeLedger('PostgreSQL', async () => {
    const url = await newDatabase();
    return { open: () => openPostgresLedger({ url, leaseMs: 60_000, ...TIMES }) };
  });

  describe('shared by several relays', () => {
    let url: string;
    let relays: Ledger[];

    beforeEach(async () => {
      url = await newDatabase();
      const open = () => openPostgresLedger({ url, leaseMs: LEASE_MS, ...TIMES });
      relays = await Promise.all([open(), open(), open()]);
    });
    afterEach(async () => {
      await Promise.all(relays.map(relay => relay.close()));
    });

    const study = (n: number): string => `study-${n}`;
    const START = { cursor: 0, epoch: 0 };
    const fill = async (count: number): Promise<void> => {
      const instances = Array.from({ length: count }, (_, n) => ({
        id: instanceId(n),
        study: study(n),
        seq: n + 1,
      }));
      await relays[0]!.recordFeed(START, { cursor: count, epoch: 0 }, instances);
    };

    it('makes the tables once, however many start at the same time', async () => {
      const feeds = await Promise.all(relays.map(relay => relay.feed()));
      expect(feeds).toEqual([START, START, START]);
    });

    it('never gives a study to two of them', async () => {
      await fill(60);
      const taken: string[] = [];
      await Promise.all(
        relays.map(async relay => {
          for (let none = 0; none < 3;) {
            const claim = await relay.claim(10);
            if (claim) taken.push(claim.study);
            else none += 1;
          }
        })
      );
      expect(taken).toHaveLength(60);
      expect(new Set(taken).size).toBe(60);
    });

    it('gives the study of a relay that is gone to another, when the lease has run out', async () => {
      await fill(1);
      const [first, second] = relays as [Ledger, Ledger];
      const claim = await first.claim(10);
      expect(claim?.study).toBe(study(0));
      expect(await second.claim(10)).toBeUndefined();
      let taken = await second.claim(10);
      while (!taken) taken = await second.claim(10);
      expect(taken.study).toBe(study(0));
      expect(await claim?.renew()).toBe(false);
      await claim?.release();
      expect(await taken.renew()).toBe(true);
    });

    it('lets one of them read the change feed, and another when it is gone', async () => {
      const led = await Promise.all(relays.map(relay => relay.lead()));
      expect(led.filter(Boolean)).toHaveLength(1);
      const leader = relays[led.indexOf(true)]!;
      expect(await leader.lead()).toBe(true);
      const others = relays.filter(relay => relay !== leader);
      await leader.close();
      expect(await others[0]!.lead()).toBe(true);
      relays = others;
    });

    it('survives a crash of the server with all that was recorded', async () => {
      await fill(5);
      await postgres.crash();
      await expect(relays[0]!.feed()).rejects.toMatchObject({
        code: 'ERR_RELAY_LEDGER_DATABASE',
        retry: 'transient',
      });
      expect(relays[0]!.problem()?.code).toBe('ERR_RELAY_LEDGER_DATABASE');
      await postgres.restart();
      expect((await relays[0]!.summary()).counts.waiting).toBe(5);
      expect(relays[0]!.problem()).toBeUndefined();
    });

    it('says nothing of the address when it cannot be reached', async () => {
      const secret = 'postgres://relay:MARKER-password@127.0.0.1:1/MARKER';
      const ledger = await openPostgresLedger({ url: secret, leaseMs: LEASE_MS, ...TIMES });
      const error: unknown = await ledger.feed().catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'ERR_RELAY_LEDGER_DATABASE' });
      expect(String(error)).not.toContain('MARKER');
      await ledger.close();
    });
  });
});
