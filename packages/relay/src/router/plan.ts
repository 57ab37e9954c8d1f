import type { Claim, Entry, Reason, Transition } from '../ledger/index.ts';
import { decide, type Decision, type Facts } from './match-rule.ts';
import type { OrthancClient, OrthancInstance, OrthancParent } from './orthanc-client.ts';
import type { Routing } from './routing-schema.ts';

/** Instances that Orthanc is asked for at the same time. */
const PARALLEL = 8;

/** Instances of one study that go the same way. */
export interface Shipment {
  readonly server: string;
  /** Name of the profile. */
  readonly deidentify?: string;
  readonly items: readonly { readonly entry: Entry; readonly instance: OrthancInstance }[];
}

/** What is to be done with the instances of a claim. */
export interface Plan {
  readonly transitions: readonly Transition[];
  readonly shipments: readonly Shipment[];
}

export const GONE: Reason = {
  code: 'gone',
  text: 'Orthanc no longer has the instance: it was deleted before it was sent.',
};

/** Calls `work` for each item, some at a time; the results in the items' order. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<Result>
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const run = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      results[index] = await work(items[index] as Item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, run));
  return results;
}

/** Asks each thing once. */
function once<Result>(ask: (key: string) => Promise<Result>): (key: string) => Promise<Result> {
  const asked = new Map<string, Promise<Result>>();
  return key => {
    const known = asked.get(key) ?? ask(key);
    asked.set(key, known);
    return known;
  };
}

function transitionFor(entry: Entry, decision: Decision): Transition | undefined {
  const { id, reason } = entry;
  if (decision.action === 'skip') {
    return { id, to: 'skipped', reason: { code: 'rule', text: decision.rule } };
  }
  // An operator has released it.
  if (decision.action !== 'hold' || reason?.code === 'released') return undefined;
  return { id, to: 'held', reason: { code: 'rule', text: decision.rule } };
}

/**
 * Finds out what the rules say of each instance of a claim.
 * @param firstServer - where instances go for which no rule names a server.
 * @throws {OrthancError}; the signal's reason.
 */
export async function planFor(
  orthanc: OrthancClient,
  routing: Routing,
  firstServer: string,
  { entries, study }: Claim,
  signal: AbortSignal
): Promise<Plan> {
  const isSourceAsked = routing.rules.some(({ when }) => when.sourceAETitle !== undefined);
  const seriesOf = once(id => orthanc.series(id, signal));
  const studyOf = once(id => orthanc.study(id, signal));

  const facts = async ({ id, series }: OrthancInstance): Promise<Facts | undefined> => {
    const parents: (OrthancParent | undefined)[] = await Promise.all([
      seriesOf(series),
      studyOf(study),
    ]);
    const [ofSeries, ofStudy] = parents;
    if (!ofSeries || !ofStudy) return undefined;
    return {
      modality: ofSeries.tags.Modality ?? '',
      stationName: ofSeries.tags.StationName ?? '',
      studyDescription: ofStudy.tags.StudyDescription ?? '',
      sourceAETitle: isSourceAsked ? ((await orthanc.remoteAET(id, signal)) ?? '') : '',
    };
  };

  const transitions: Transition[] = [];
  const shipments = new Map<string, { entry: Entry; instance: OrthancInstance }[]>();
  const looked = await inParallel(entries, PARALLEL, async entry => {
    const instance = await orthanc.instance(entry.id, signal);
    const known = instance && (await facts(instance));
    return { entry, instance, decision: known && decide(routing, known) };
  });
  for (const { entry, instance, decision } of looked) {
    if (!instance || !decision) {
      transitions.push({ id: entry.id, to: 'gone', reason: GONE });
      continue;
    }
    const transition = transitionFor(entry, decision);
    if (transition) {
      transitions.push(transition);
      continue;
    }
    const way = JSON.stringify([decision.server ?? firstServer, decision.deidentify]);
    const items = shipments.get(way) ?? [];
    items.push({ entry, instance });
    shipments.set(way, items);
  }
  return {
    transitions,
    shipments: [...shipments].map(([way, items]) => {
      const [server, deidentify] = JSON.parse(way) as [string, string | null];
      return { server, deidentify: deidentify ?? undefined, items };
    }),
  };
}
