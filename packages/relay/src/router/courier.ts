import { sleep, type Clock } from '@ohif-azure/core';
import type { Logger } from 'pino';
import {
  LedgerError,
  type Claim,
  type Entry,
  type Ledger,
  type Reason,
  type Transition,
} from '../ledger/index.ts';
import type { InstanceToStore, StoreFailure, StoreReport, StoreServer } from '../store-server.ts';
import { deidentify, notAnonymized } from './deidentify.ts';
import type { OrthancClient } from './orthanc-client.ts';
import { OrthancError } from './orthanc-error.ts';
import {
  blame,
  outcomeTransition,
  suspect,
  type Attempted,
  type AttemptPolicy,
} from './outcome-transition.ts';
import { inParallel, planFor, type Shipment } from './plan.ts';
import type { Routing } from './routing-schema.ts';
import { pauseMs, type ServiceGate } from './service-gate.ts';
import { answersFor, Suspicion } from './suspicion.ts';

/** The longest pause before an outcome is recorded again, in milliseconds: the disk may have room any moment. */
const MAX_RECORD_PAUSE_MS = 5_000;
const PARALLEL = 8;
/** Behind what the service said, where it is known to work otherwise. */
const ITS_OWN_FAULT = 'The service took other instances meanwhile: it fails over this one.';

/** What was done, for the metrics. */
export interface CourierEvents {
  sent(server: string, instances: number, bytes: number): void;
  retried(server: string, instances: number): void;
  died(server: string, instances: number): void;
}

/** What the courier works with. */
export interface CourierContext {
  readonly ledger: Ledger;
  readonly orthanc: OrthancClient;
  readonly servers: ReadonlyMap<string, StoreServer>;
  /** One for each server. */
  readonly gates: ReadonlyMap<string, ServiceGate>;
  readonly routing: Routing;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: () => number;
  readonly events: CourierEvents;
}

/** One instance on its way. */
interface Parcel extends Attempted {
  /** What is sent: the instance itself or its de-identified copy. */
  readonly source: string;
}

/** Of those that are tried apart, the one that failed last is the last to be tried again. */
function behindOthers({ id, attempts, retryAt }: Entry, reason: Reason): Transition[] {
  if (attempts === 0 || retryAt === undefined) return [];
  return [{ id, to: 'waiting', retryInMs: 0, reason, counts: false }];
}

/** Brings the instances of one study at a time to the DICOM service, and records what became of each. */
export class Courier {
  readonly #context: CourierContext;
  readonly #policy: AttemptPolicy;
  readonly #suspicions = new Map<string, Suspicion>();

  constructor(context: CourierContext) {
    const { routing, random } = context;
    this.#context = context;
    this.#policy = {
      maxAttempts: routing.maxAttempts,
      maxPauseMs: routing.maxPauseSeconds * 1_000,
      random,
    };
  }

  /**
   * Delivers what was claimed, as far as the services take it.
   * @returns the gates that were closed: the study is not to be tried again before one of them opens. `isUnclear`: it may be the study itself that
   *   the service cannot take.
   * @throws {OrthancError} when Orthanc does not answer; the signal's reason.
   */
  async deliver(
    claim: Claim,
    signal: AbortSignal
  ): Promise<{ readonly closed: readonly ServiceGate[]; readonly isUnclear: boolean }> {
    const { orthanc, routing, servers } = this.#context;
    const firstServer = servers.keys().next().value ?? '';
    const plan = await planFor(orthanc, routing, firstServer, claim, signal);
    await this.#record(plan.transitions, signal);
    const closed: ServiceGate[] = [];
    let isUnclear = false;
    for (const shipment of plan.shipments) {
      const gate = this.#context.gates.get(shipment.server);
      const server = servers.get(shipment.server);
      if (!gate || !server) throw new TypeError('a server that the settings do not have');
      const result = gate.isOpen()
        ? await this.#ship(claim, shipment, server, gate, signal)
        : 'closed';
      if (result !== 'done') closed.push(gate);
      if (result === 'unclear') isUnclear = true;
    }
    return { closed, isUnclear };
  }

  async #ship(
    claim: Claim,
    shipment: Shipment,
    server: StoreServer,
    gate: ServiceGate,
    signal: AbortSignal
  ): Promise<'done' | 'closed' | 'unclear'> {
    const suspicion = this.#suspicionOf(server);
    const left = suspicion.inTurn(await this.#pack(claim, shipment, signal));
    while (left.length > 0) {
      if (!gate.enter()) return 'closed';
      const size = suspicion.isUnclear ? 1 : this.#context.routing.batchInstances;
      const result = await this.#send(left.splice(0, size), server, gate, signal);
      if (result !== 'done') return result;
    }
    return 'done';
  }

  #suspicionOf({ name }: StoreServer): Suspicion {
    const suspicion = this.#suspicions.get(name) ?? new Suspicion();
    this.#suspicions.set(name, suspicion);
    return suspicion;
  }

  /** De-identifies where the rule says so. */
  async #pack(
    claim: Claim,
    { server, deidentify: profileName, items }: Shipment,
    signal: AbortSignal
  ): Promise<Parcel[]> {
    if (profileName === undefined) {
      return items.map(({ entry, instance: { id, bytes, sopInstanceUID } }) => ({
        entry,
        server,
        bytes,
        sopInstanceUID,
        source: id,
      }));
    }
    const { routing, orthanc } = this.#context;
    const profile = routing.profiles[profileName];
    if (!profile) throw new TypeError('a profile that the settings do not have');
    const { ready, failed } = await deidentify(
      { ...this.#context, signal },
      claim,
      items.map(({ entry }) => entry),
      profile
    );
    await this.#record(
      failed.map(entry => {
        const { code, message: text } = notAnonymized(entry.id);
        return suspect({ entry, server, bytes: 0 }, { code, text }, this.#policy);
      }),
      signal
    );
    const lost: Transition[] = [];
    const parcels = await inParallel(ready, PARALLEL, async (entry): Promise<Parcel[]> => {
      const copy = await orthanc.instance(entry.copy ?? '', signal);
      if (!copy) {
        // Somebody removed it: another one is made next time.
        lost.push({ id: entry.id, to: 'copied', copy: undefined });
        return [];
      }
      const { id, bytes, sopInstanceUID } = copy;
      return [{ entry, server, bytes, sopInstanceUID, source: id }];
    });
    await this.#record(lost, signal);
    return parcels.flat();
  }

  async #send(
    parcels: readonly Parcel[],
    server: StoreServer,
    gate: ServiceGate,
    signal: AbortSignal
  ): Promise<'done' | 'closed' | 'unclear'> {
    const { orthanc } = this.#context;
    const instances: InstanceToStore[] = parcels.map(({ source, bytes }) => ({
      bytes,
      open: streamSignal => orthanc.file(source, streamSignal),
    }));
    let report: StoreReport;
    try {
      report = await server.storeInstances(instances, { signal });
    } catch (error) {
      gate.left();
      if (signal.aborted) throw error;
      await this.#notRead(parcels, error, signal);
      return 'done';
    }
    return this.#settle(parcels, report, server, gate, signal);
  }

  /** Orthanc did not give a file. Nothing is known of the others of the batch: they are sent again. */
  async #notRead(parcels: readonly Parcel[], error: unknown, signal: AbortSignal): Promise<void> {
    if (!(error instanceof OrthancError) || error.instance === undefined) {
      if (error instanceof OrthancError) throw error;
      // A stream that broke: Orthanc is going down, most likely.
      throw new OrthancError(
        'ERR_RELAY_ORTHANC_UNREACHABLE',
        'Orthanc broke off in the middle of a file.',
        { cause: error }
      );
    }
    const { code, message: text, instance } = error;
    const unreadable = parcels.filter(({ source }) => source === instance);
    await this.#record(
      unreadable.map(parcel => suspect(parcel, { code, text }, this.#policy)),
      signal
    );
  }

  async #settle(
    parcels: readonly Parcel[],
    { instances, failure }: StoreReport,
    server: StoreServer,
    gate: ServiceGate,
    signal: AbortSignal
  ): Promise<'done' | 'closed' | 'unclear'> {
    const transitions: Transition[] = [];
    const open: Parcel[] = [];
    parcels.forEach((parcel, index) => {
      const outcome = instances[index];
      const transition = outcome && outcomeTransition(parcel, outcome, this.#policy);
      if (transition) transitions.push(transition);
      else open.push(parcel);
    });
    if (transitions.length > 0) {
      gate.succeeded();
      const sent = new Set(transitions.flatMap(({ to, id }) => (to === 'sent' ? [id] : [])));
      const taken = parcels.find(({ entry, source }) => sent.has(entry.id) && source === entry.id);
      const { source: id, bytes, sopInstanceUID } = taken ?? {};
      const isWitness = id !== undefined && bytes !== undefined && sopInstanceUID !== undefined;
      const witness = isWitness ? { id, bytes, sopInstanceUID } : undefined;
      this.#suspicionOf(server).took(witness);
    }
    await this.#record(transitions, signal);
    this.#log(parcels, transitions, failure);
    if (open.length === 0) {
      gate.left();
      return 'done';
    }
    const reason = {
      code: failure?.reason ?? 'unknown-outcome',
      text: failure?.message ?? 'The DICOM service did not say what became of the instance.',
    };
    const whose = failure ? blame(failure) : 'unclear';
    if (whose === 'service') {
      gate.failed(reason, failure?.retryAfterMs);
      return 'closed';
    }
    if (whose === 'unclear' && !(await this.#isTaking(open, server, gate, signal))) {
      gate.failed(reason, failure?.retryAfterMs);
      await this.#record(
        open.flatMap(({ entry }) => behindOthers(entry, reason)),
        signal
      );
      return 'unclear';
    }
    gate.left();
    const { code, text } = reason;
    const told = whose === 'unclear' ? { code, text: `${text} ${ITS_OWN_FAULT}` } : reason;
    const suspects = open.map(parcel => suspect(parcel, told, this.#policy));
    await this.#record(suspects, signal);
    this.#log(open, suspects, undefined);
    return 'done';
  }

  /** Whether the service, which has just failed over these, is known to take others. */
  async #isTaking(
    failed: readonly Parcel[],
    server: StoreServer,
    gate: ServiceGate,
    signal: AbortSignal
  ): Promise<boolean> {
    const oldest = Math.min(...failed.map(({ entry }) => entry.at));
    if (gate.hasWorkedSince(oldest)) return true;
    const suspicion = this.#suspicionOf(server);
    const [only] = failed;
    if (!only || failed.length > 1) {
      suspicion.failedTogether();
      return false;
    }
    const witness = suspicion.failedAlone(only.entry.id);
    if (!witness) return false;
    try {
      return await answersFor(witness, server, this.#context.orthanc, signal);
    } catch (error) {
      gate.left();
      throw error;
    }
  }

  #log(
    parcels: readonly Parcel[],
    transitions: readonly Transition[],
    failure: StoreFailure | undefined
  ): void {
    const { events, logger } = this.#context;
    const server = parcels[0]?.server ?? '';
    const count = (to: Transition['to']): number =>
      transitions.filter(each => each.to === to).length;
    const [sent, dead, retried] = [count('sent'), count('dead'), count('waiting')];
    const bytes = transitions.reduce((sum, each) => sum + (each.to === 'sent' ? each.bytes : 0), 0);
    if (sent > 0) events.sent(server, sent, bytes);
    if (dead > 0) events.died(server, dead);
    const left = failure ? parcels.length - sent - dead - retried : 0;
    if (retried + left > 0) events.retried(server, retried + left);
    logger.info(
      {
        server,
        study: parcels[0]?.entry.study,
        sent,
        bytes,
        retried,
        dead,
        left,
        reason: failure?.reason,
      },
      'auto-router: delivered'
    );
    for (const each of transitions) {
      if (each.to !== 'dead') continue;
      const { id: instance, sopInstanceUID, reason } = each;
      logger.error({ server, instance, sopInstanceUID, reason }, 'auto-router: given up');
    }
  }

  /** Records, however long the disk or the database takes: a fact that is known is not thrown away. */
  async #record(transitions: readonly Transition[], signal: AbortSignal): Promise<void> {
    if (transitions.length === 0) return;
    const { ledger, logger, clock, random } = this.#context;
    for (let failures = 0; ; failures += 1) {
      try {
        await ledger.record(transitions);
        return;
      } catch (error) {
        if (!(error instanceof LedgerError) || error.retry === 'permanent') throw error;
        logger.error({ code: error.code, text: error.message }, 'auto-router: cannot record');
        // Stopped: what was sent and is not recorded is sent again, and comes back as already stored.
        await sleep(clock, pauseMs(failures, MAX_RECORD_PAUSE_MS, random), signal);
      }
    }
  }
}
