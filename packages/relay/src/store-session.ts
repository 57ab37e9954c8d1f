import { essenceOf } from './content-type.ts';
import { TranscodeError } from './explicit-vr.ts';
import type { InstanceRecord, IntakeOptions } from './instance-intake.ts';
import { InstanceIntake } from './instance-intake.ts';
import type { ServiceAnswer } from './line.ts';
import { Refusal } from './refusal.ts';
import type { StoreContext } from './store-request.ts';
import { StoreRequest } from './store-request.ts';
import { loadVRDictionary } from './vr-dictionary.ts';

/** What the service said to one request of a Store. */
export interface AnsweredRequest {
  readonly answer: ServiceAnswer;
  /** The instances that were in it, by their place in {@link StoreSession.records}. */
  readonly first: number;
  readonly count: number;
  /** The answer is to the whole body. */
  readonly isWhole: boolean;
}

/** Whether an access token was renewed is looked at so often, in milliseconds. */
const TOKEN_CHECK_MS = 10_000;
/** Explicit VR is somewhat longer than Implicit VR: heads of 12 bytes, delimiters of 16 an item. */
const TRANSCODED_MORE = { factor: 1.02, bytes: 65_536 };

const isOutcome = ({ status }: ServiceAnswer): boolean =>
  (status >= 200 && status < 300) || status === 409;

/**
 * The Store of a caller as the service gets it: part after part, in one request, or in several where
 * - the next part would not fit into the limit of the server any more (a part that is longer by itself goes alone, and the service decides);
 * - the access token has been renewed since the request began: a long Store never outlives the token it began with.
 *
 * A request is answered before the next one begins. Whatever status is no outcome (200, 202, 409 and their like) ends the Store.
 */
export class StoreSession {
  /** One for each part, in order. */
  readonly records: InstanceRecord[] = [];
  readonly answered: AnsweredRequest[] = [];
  readonly #context: StoreContext;
  readonly #intakeOptions: IntakeOptions;
  #request?: StoreRequest;
  #intake?: InstanceIntake;
  #first = 0;
  #isStopped = false;
  #checkedAt = 0;
  #sentBytes = 0;

  private constructor(context: StoreContext, intakeOptions: IntakeOptions) {
    this.#context = context;
    this.#intakeOptions = intakeOptions;
  }

  /** Begins; sends nothing yet. */
  static async begin(context: StoreContext): Promise<StoreSession> {
    const { implicitVR, verifyDuplicates } = context.service.settings;
    const vrOf = implicitVR === 'transcode' ? await loadVRDictionary() : undefined;
    return new StoreSession(context, { vrOf, isHashed: verifyDuplicates === 'hash' });
  }

  /** The service has answered before the body's end: there is no use in sending more. */
  get isStopped(): boolean {
    return this.#isStopped || (this.#request?.isOver ?? false);
  }

  /** Of all bodies so far. */
  get sentBytes(): number {
    return this.#sentBytes + (this.#request?.bytes ?? 0);
  }

  /** @returns how many instances the request under way has; 0: there is none. */
  get underWay(): number {
    return this.#request?.parts ?? 0;
  }

  /**
   * Begins the next part. Waits for the answer to the request before, where the part begins a new one.
   * @param bytes - length of the part, when it is known.
   * @throws {Refusal} when there is no answer; the signal's reason.
   */
  async beginPart(bytes?: number, contentType = 'application/dicom'): Promise<void> {
    if (this.#request && (await this.#isNewNeeded(this.#request, bytes))) await this.#endRequest();
    if (this.isStopped) return;
    if (!this.#request) {
      this.#request = new StoreRequest(this.#context);
      this.#first = this.records.length;
      this.#checkedAt = this.#context.service.clock.now();
    }
    this.#intake = new InstanceIntake(this.#intakeOptions);
    this.records.push(this.#intake.record);
    // The service compares the whole text: a parameter would be 415.
    const type = essenceOf(contentType) === 'application/dicom' ? 'application/dicom' : contentType;
    await this.#request.begin(type);
  }

  /**
   * Sends bytes of the part.
   * @returns a promise when the service does not take more now: wait for it.
   * @throws {Refusal} 400 for a data set that cannot be transcoded.
   */
  write(bytes: Buffer): Promise<void> | undefined {
    if (this.isStopped) return undefined;
    return this.#send(intake => intake.push(bytes));
  }

  endPart(): Promise<void> | undefined {
    if (this.isStopped) return undefined;
    const sent = this.#send(intake => intake.end());
    this.#intake = undefined;
    return sent;
  }

  /**
   * Ends the Store and reads the last answer.
   * @throws {Refusal} when there is none.
   */
  async end(): Promise<void> {
    if (this.#request) await this.#endRequest();
  }

  /** Cuts the request under way, unless the service has all of it. */
  cut(): void {
    this.#request?.cut();
  }

  #send(take: (intake: InstanceIntake) => Buffer[]): Promise<void> | undefined {
    const [request, intake] = [this.#request, this.#intake];
    if (!request || !intake) return undefined;
    let room: Promise<void> | undefined;
    try {
      for (const bytes of take(intake)) room = chained(room, () => request.write(bytes));
    } catch (error) {
      if (!(error instanceof TranscodeError)) throw error;
      request.cut();
      const which = intake.record.sopInstanceUID ?? `number ${this.records.length}`;
      throw new Refusal(
        400,
        'malformed-body',
        `Instance ${which} cannot be made Explicit VR: ${error.message}. Nothing of its request was stored.`
      );
    }
    return room;
  }

  async #isNewNeeded(request: StoreRequest, bytes: number | undefined): Promise<boolean> {
    const { maxRequestBytes, implicitVR } = this.#context.service.settings;
    const { factor, bytes: more } =
      implicitVR === 'transcode' ? TRANSCODED_MORE : { factor: 1, bytes: 0 };
    // Of a part whose length is not known, half of the limit has to be left.
    const wanted = bytes === undefined ? maxRequestBytes / 2 : bytes * factor + more;
    if (request.bytes + wanted + 1024 > maxRequestBytes) return true;
    return await this.#isTokenRenewed(request);
  }

  async #isTokenRenewed(request: StoreRequest): Promise<boolean> {
    const { clock, access } = this.#context.service;
    if (request.accessToken === '' || clock.now() - this.#checkedAt < TOKEN_CHECK_MS) return false;
    this.#checkedAt = clock.now();
    return (await access.accessToken(this.#context.caller)) !== request.accessToken;
  }

  async #endRequest(): Promise<void> {
    const request = this.#request;
    if (!request) return;
    const answer = await request.end();
    this.#request = undefined;
    this.#sentBytes += request.bytes;
    const { isWhole, parts: count } = request;
    this.answered.push({ answer, first: this.#first, count, isWhole });
    if (!isOutcome(answer) || !isWhole) this.#isStopped = true;
  }
}

/** Writes one after the other, at once where there is room. */
function chained(
  before: Promise<void> | undefined,
  write: () => Promise<void> | undefined
): Promise<void> | undefined {
  return before ? before.then(() => write()) : write();
}
