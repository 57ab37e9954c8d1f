import path from 'node:path';
import pg from 'pg';
import { dicomFiles } from '../support/dicom-sender.ts';
import { postgresMissing, startPostgres } from '../support/postgres.ts';
import { RelayProcess } from '../support/relay-process.ts';
import { AUTHORIZATION, RouterScene, until, type Queue } from '../support/router-scene.ts';
import { syntheticInstance, uidsOf } from '../support/synthetic-study.js';

const missing = postgresMissing();
if (missing !== undefined)
  console.warn(`Several relays on one PostgreSQL are not tested: ${missing}.`);

const STUDIES = 24;
const INSTANCES = 10;

(missing === undefined ? it : it.skip)(
  'three relays share one PostgreSQL; one is killed at work, and the others do its part',
  async () => {
    const files = await dicomFiles();
    const postgres = await startPostgres();
    const scene = await RouterScene.start({ routing: { batchInstances: 5, leaseSeconds: 2 } });
    const { env, config } = scene.configuration();
    const relays: RelayProcess[] = [];
    const start = async (n: number): Promise<RelayProcess> => {
      const configuration = {
        env: {
          ...env,
          RELAY_DATA: path.join(files.folder, `relay-${n}`),
          RELAY_DATABASE_URL: postgres.url,
        },
        config,
      };
      return RelayProcess.start(path.join(files.folder, `relay-${n}.json`), configuration);
    };
    const queue = async (relay: RelayProcess, query: string): Promise<Queue> => {
      const headers = { authorization: AUTHORIZATION };
      return (await (await fetch(`${relay.url}/queue${query}`, { headers })).json()) as Queue;
    };
    const deliveries = ({ log }: RelayProcess): number =>
      log.split('"auto-router: delivered"').length - 1;
    try {
      // The service is slow, so that all have something under way.
      await scene.fault({ match: { method: 'POST', path: '/studies' }, delayMs: 150 });
      relays.push(...(await Promise.all([start(1), start(2), start(3)])));
      const [victim, second, third] = relays as [RelayProcess, RelayProcess, RelayProcess];
      const sent: string[] = [];
      for (let study = 0; study < STUDIES; study += 1) {
        const instances = await Promise.all(
          Array.from({ length: INSTANCES }, (_, instance) =>
            files.add(`${study}/${instance}.dcm`, syntheticInstance({ study, instance }))
          )
        );
        sent.push(...instances);
      }
      await scene.modality.sendUntilAcknowledged(sent);
      const client = new pg.Client(postgres.url);
      await client.connect();
      // Every relay has delivered something, and the one to be killed has a study in hand.
      await until('all three to work', async () => relays.every(relay => deliveries(relay) > 1));
      await victim.end('SIGKILL');
      const all = STUDIES * INSTANCES;
      await until('the others to send the rest', async () => {
        const { counts } = await queue(second, '?limit=1');
        return counts.sent === all && counts.waiting === 0;
      });
      const { rows } = await client.query<{ n: string; ids: string }>(
        'SELECT count(*) AS n, count(DISTINCT id) AS ids FROM relay_instance'
      );
      await client.end();
      expect(rows).toEqual([{ n: String(all), ids: String(all) }]);
      expect((await queue(third, '?limit=1')).counts).toMatchObject({ sent: all, dead: 0 });
      const expected = Array.from({ length: STUDIES }, (_, study) =>
        Array.from(
          { length: INSTANCES },
          (__, instance) => uidsOf(study, 0, instance).sopInstanceUID
        )
      ).flat();
      expect(await scene.storedUIDs()).toEqual(expected.sort());
      expect([second, third].every(relay => deliveries(relay) > 1)).toBe(true);
    } finally {
      await Promise.all(relays.map(relay => relay.end('SIGTERM')));
      await scene.close();
      await postgres.close();
      await files.close();
    }
  },
  120_000
);
