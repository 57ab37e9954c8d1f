import { pino } from 'pino';
import type { Claim, Entry, Ledger, Transition } from '../../ledger/index.ts';
import type { InstanceReport, StoreReport, StoreServer } from '../../store-server.ts';
import { Courier } from '../courier.ts';
import type { OrthancClient } from '../orthanc-client.ts';
import { routingSchema } from '../routing-schema.ts';
import { ServiceGate } from '../service-gate.ts';

/** A waiting entry. */
export const waiting = (id: string, more: Partial<Entry> = {}): Entry => ({
  id,
  study: 'study',
  state: 'waiting',
  seq: 1,
  epoch: 0,
  seenAt: 0,
  at: 0,
  attempts: 0,
  ...more,
});

/** A courier between a fake Orthanc and a fake service, with a clock that stands still. */
export function courierScene(answer: (ids: readonly string[]) => StoreReport | Error) {
  const clock = { time: 1_000, now: () => clock.time, sleep: async () => undefined };
  const transitions: Transition[] = [];
  const stored: string[][] = [];
  const deleted = new Set<string>();
  let failures = 0;
  const gate = new ServiceGate(clock, 60_000, () => 1);
  const ledger = {
    record: async (changes: readonly Transition[]) => {
      if (failures > 0) {
        failures -= 1;
        const { LedgerError } = await import('../../ledger/index.ts');
        throw new LedgerError('ERR_RELAY_LEDGER_WRITE', 'full');
      }
      transitions.push(...changes);
    },
  } as Partial<Ledger> as Ledger;
  const orthanc = {
    instance: async (id: string) =>
      id.startsWith('gone')
        ? undefined
        : { id, series: 'series', bytes: 10, sopInstanceUID: `uid-${id}` },
    series: async () => ({ parent: 'study', tags: { Modality: 'CT' }, patientTags: {} }),
    study: async () => ({ parent: 'patient', tags: {}, patientTags: {} }),
    file: async (id: string) => [Buffer.from(id)],
  } as unknown as OrthancClient;
  const server: StoreServer = {
    name: 'azure',
    serviceUrl: 'https://azure.example/v2',
    has: async uid => !deleted.has(uid),
    storeInstances: async instances => {
      const ids: string[] = [];
      for await (const { open } of instances) {
        for await (const chunk of await open(new AbortController().signal)) {
          ids.push(Buffer.from(chunk).toString());
        }
      }
      stored.push(ids);
      const result = answer(ids);
      if (result instanceof Error) throw result;
      return result;
    },
  };
  const courier = new Courier({
    ledger,
    orthanc,
    servers: new Map([['azure', server]]),
    gates: new Map([['azure', gate]]),
    routing: routingSchema.parse({ maxAttempts: 3 }),
    clock,
    logger: pino({ enabled: false }),
    random: () => 1,
    events: { sent: () => undefined, retried: () => undefined, died: () => undefined },
  });
  const deliver = (entries: readonly Entry[]) => {
    const claim: Claim = {
      study: 'study',
      entries,
      renew: async () => true,
      release: async () => undefined,
    };
    return courier.deliver(claim, new AbortController().signal);
  };
  return {
    clock,
    gate,
    transitions,
    stored,
    /** SOP Instance UIDs that the service has no longer. */
    deleted,
    deliver,
    failRecords: (times: number) => (failures = times),
  };
}

/** The same outcome for each. */
export const each = (
  ids: readonly string[],
  outcome: InstanceReport['outcome']
): InstanceReport[] => ids.map(() => ({ outcome }));
