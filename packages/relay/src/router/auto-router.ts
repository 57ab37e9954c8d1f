import { sleep } from '@ohif-azure/core';
import { LedgerError } from '../ledger/index.ts';
import { ChangeFeed } from './change-feed.ts';
import { Courier, type CourierContext } from './courier.ts';
import { removeCopies } from './deidentify.ts';
import { OrthancError } from './orthanc-error.ts';
import { pauseMs, type ServiceGate } from './service-gate.ts';

/** Instances of one claim, at most: those of a study beyond it have their turn next. */
const CLAIM_LIMIT = 5_000;
/** The longest pause while Orthanc or the ledger does not answer, in milliseconds: both are near, and may be back any moment. */
const MAX_NEAR_PAUSE_MS = 15_000;
/** How often a worker without work looks for some, in milliseconds; more often where the feed is read more often. */
const IDLE_MS = 1_000;
const COPIES_AT_ONCE = 200;
const DAY_MS = 86_400_000;

/** How the loops are doing, for people. */
export interface Health {
  /** Why Orthanc or the ledger does not answer; undefined: they do. */
  readonly orthanc?: string;
  readonly ledger?: string;
  readonly lastFeedAt?: number;
  readonly lastReconciledAt?: number;
  /** Instances that reconciliation found and the feed had not shown, since the start. */
  readonly foundByReconciliation: number;
}

/** The loops of the auto-router: one reads what came in, some workers send it. */
export class AutoRouter {
  readonly #context: CourierContext;
  readonly #feed: ChangeFeed;
  readonly #courier: Courier;
  readonly #stop = new AbortController();
  readonly #parked = new Map<string, ServiceGate>();
  readonly #loops: Promise<void>[] = [];
  /** What the service may have failed over: it is not the first to be tried again. */
  #suspectStudy: string | undefined;
  #health: { -readonly [Name in keyof Health]: Health[Name] } = { foundByReconciliation: 0 };

  constructor(context: CourierContext) {
    this.#context = context;
    this.#feed = new ChangeFeed(context);
    this.#courier = new Courier(context);
  }

  health(): Health {
    return this.#health;
  }

  start(): void {
    const { routing } = this.#context;
    this.#loops.push(this.#loop(routing.pollMs, () => this.#look()));
    for (let worker = 0; worker < routing.workers; worker += 1) {
      this.#loops.push(this.#loop(Math.min(IDLE_MS, routing.pollMs), () => this.#work()));
    }
  }

  /** Cuts what is being sent; it is sent again after the next start. */
  async stop(): Promise<void> {
    this.#stop.abort(new Error('the relay stops'));
    await Promise.all(this.#loops);
  }

  /**
   * Repeats `turn` until the router is stopped. A failure of Orthanc or of the ledger makes it pause, longer each time.
   * @param turn - true: there may be more to do at once.
   */
  async #loop(idleMs: number, turn: () => Promise<boolean>): Promise<void> {
    const { clock, logger, random } = this.#context;
    const { signal } = this.#stop;
    let failures = 0;
    while (!signal.aborted) {
      let waitMs = 0;
      try {
        if (!(await turn())) waitMs = idleMs;
        failures = 0;
      } catch (error) {
        if (signal.aborted) break;
        this.#note(error);
        const known = error instanceof OrthancError || error instanceof LedgerError;
        // What is not foreseen is logged without its message: that may hold anything.
        const said = known
          ? { code: error.code, text: error.message }
          : { error: error instanceof Error ? error.name : typeof error, stack: framesOf(error) };
        logger.error(said, 'auto-router: pauses');
        waitMs = pauseMs(failures, MAX_NEAR_PAUSE_MS, random);
        failures += 1;
      }
      await sleep(clock, waitMs, signal).catch(() => undefined);
    }
  }

  #note(error: unknown): void {
    if (error instanceof OrthancError) this.#health.orthanc = error.message;
    if (error instanceof LedgerError) this.#health.ledger = error.message;
  }

  /** Reads what came in. */
  async #look(): Promise<boolean> {
    const { ledger, clock, routing, logger } = this.#context;
    const { signal } = this.#stop;
    const isLeader = await ledger.lead();
    this.#health.ledger = undefined;
    if (!isLeader) return false;
    const count = await this.#feed.read(signal);
    this.#health.orthanc = undefined;
    this.#health.lastFeedAt = clock.now();
    if (count > 0) logger.info({ instances: count }, 'auto-router: came in');
    const { lastReconciledAt = Number.NEGATIVE_INFINITY } = this.#health;
    const isTime = clock.now() >= lastReconciledAt + routing.reconcileSeconds * 1_000;
    if (!isTime && !this.#feed.isDoubtful) return false;
    const found = await this.#feed.reconcile(signal);
    this.#health.lastReconciledAt = clock.now();
    this.#health.foundByReconciliation += found;
    if (found > 0) logger.warn({ instances: found }, 'auto-router: found by reconciliation');
    await this.#feed.forget(clock.now() - routing.keepEndedDays * DAY_MS, signal);
    return false;
  }

  /** Sends one study. */
  async #work(): Promise<boolean> {
    const { ledger, gates, routing } = this.#context;
    if (![...gates.values()].some(gate => gate.isOpen())) return false;
    for (const [study, gate] of this.#parked) if (gate.isOpen()) this.#parked.delete(study);
    const parked = new Set(this.#parked.keys());
    const others =
      this.#suspectStudy === undefined ? parked : new Set([...parked, this.#suspectStudy]);
    const claim =
      (await ledger.claim(CLAIM_LIMIT, others)) ??
      (others === parked ? undefined : await ledger.claim(CLAIM_LIMIT, parked));
    if (!claim) {
      const removed = await removeCopies(
        { ...this.#context, signal: this.#stop.signal },
        COPIES_AT_ONCE
      );
      return removed > 0;
    }
    const lost = new AbortController();
    const signal = AbortSignal.any([this.#stop.signal, lost.signal]);
    const renewal = setInterval(
      () => {
        claim.renew().then(
          isOurs => isOurs || lost.abort(new Error('another relay has the study')),
          // The lease still holds for some time; the next renewal decides.
          () => undefined
        );
      },
      (routing.leaseSeconds * 1_000) / 3
    );
    try {
      const { closed, isUnclear } = await this.#courier.deliver(claim, signal);
      const [gate] = closed;
      if (gate) this.#parked.set(claim.study, gate);
      if (isUnclear) this.#suspectStudy = claim.study;
      else if (this.#suspectStudy === claim.study) this.#suspectStudy = undefined;
    } catch (error) {
      if (!lost.signal.aborted) throw error;
    } finally {
      clearInterval(renewal);
      await claim.release();
    }
    return true;
  }
}

function framesOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return (error.stack ?? '')
    .split('\n')
    .filter(line => /^ {4}at /.test(line))
    .join('\n');
}
