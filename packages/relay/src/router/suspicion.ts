import type { StoreServer } from '../store-server.ts';
import type { OrthancClient } from './orthanc-client.ts';

/** An instance that a service has taken as Orthanc has it: its file may go there again. */
export interface Witness {
  /** Orthanc's id. */
  readonly id: string;
  readonly bytes: number;
  readonly sopInstanceUID: string;
}

/**
 * Tells an instance that a service cannot take (it answers 500, or breaks the line, whenever that one comes) from a service that takes nothing. One for each
 * service. What it goes by:
 * - After a failure that may be of either kind, instances go one by one, another one first each time, until the service takes one.
 * - One that fails alone, and is the only one since the service last took something, is checked against a witness: an instance that the service took
 *   before, sent again when the service still has it: what was deleted there is not to come back. That changes nothing there. When the service answers for it,
 *   it is up.
 * - Several that fail alone, and none that is taken: that is an outage, for all that can be known here. No witness is asked then: a service may still answer for
 *   what it has and be unable to take anything new.
 */
export class Suspicion {
  readonly #alone = new Set<string>();
  #isUnclear = false;
  #turns = 0;
  #witness: Witness | undefined;

  /** Whether instances are to go one by one. */
  get isUnclear(): boolean {
    return this.#isUnclear;
  }

  /** The service took this. @param witness - undefined: what it took may not go there again as Orthanc has it (a de-identified copy). */
  took(witness: Witness | undefined): void {
    this.#isUnclear = false;
    this.#alone.clear();
    this.#witness = witness ?? this.#witness;
  }

  /** The service failed over several at once: any of them, or none, may be the cause. */
  failedTogether(): void {
    this.#isUnclear = true;
  }

  /** @returns the witness to be asked whether it is this one's fault; undefined: that is not to be told now. */
  failedAlone(id: string): Witness | undefined {
    this.#isUnclear = true;
    this.#alone.add(id);
    return this.#alone.size === 1 && this.#witness?.id !== id ? this.#witness : undefined;
  }

  /** The same items with another one first each time. */
  inTurn<Item>(items: readonly Item[]): Item[] {
    if (!this.#isUnclear || items.length === 0) return [...items];
    const first = this.#turns % items.length;
    this.#turns += 1;
    return [...items.slice(first), ...items.slice(0, first)];
  }
}

/**
 * Sends an instance again, when the service has it.
 * @returns whether the service answered for it: it takes Store requests.
 * @throws the signal's reason.
 */
export async function answersFor(
  { id, bytes, sopInstanceUID }: Witness,
  server: StoreServer,
  orthanc: OrthancClient,
  signal: AbortSignal
): Promise<boolean> {
  const open = (streamSignal: AbortSignal) => orthanc.file(id, streamSignal);
  try {
    if (!(await server.has(sopInstanceUID, signal))) return false;
    const { instances } = await server.storeInstances([{ bytes, open }], { signal });
    const outcome = instances[0]?.outcome ?? 'notSent';
    return outcome !== 'notSent' && outcome !== 'unknown';
  } catch (error) {
    if (signal.aborted) throw error;
    // The service does not even search, or Orthanc has it no longer.
    return false;
  }
}
