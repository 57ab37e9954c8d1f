import { randomUUID } from 'node:crypto';
import { CONTINUE_WAIT_MS } from './expect-continue.ts';
import { storeHeaders } from './headers.ts';
import type { ServiceAnswer } from './line.ts';
import { Line } from './line.ts';
import { proveAccess } from './prove-access.ts';
import type { RetryBudget } from './retry-budget.ts';
import type { Service } from './service.ts';
import { connectionRefusal } from './upstream.ts';

/** So much of a body is kept until the service has taken it, in bytes: up to here a request can be sent again. */
export const REPLAY_BYTES = 1_048_576;

/** So many buffers go out as they are; of more it is cheaper to make one. */
const FEW_PIECES = 8;

/** What the requests of one Store share. */
export interface StoreContext {
  readonly service: Service;
  /** Below the service's URL. */
  readonly path: string;
  readonly userAgent?: string;
  /** `signal` is aborted when the caller goes away. */
  readonly caller: { readonly signal: AbortSignal };
  readonly budget: RetryBudget;
  /** Called when a request is answered or its line breaks: it may have been before the body's end. */
  readonly onOver?: () => void;
}

const UNKNOWN_FATE =
  'What was stored is not known. Send the study again: instances that are there already count as stored.';
const CRLF = '\r\n';

/** What a request looks like after it: final, or to be sent once more. */
type Verdict = 'final' | 'again';

/**
 * One Store request to the service. Its body has a boundary of its own, so that nothing in a part can end it.
 *
 * Up to {@link REPLAY_BYTES} are kept. A body that is not longer is sent as a whole, and again where the service says 401, 429 or 503; a longer one is
 * announced (`Expect: 100-continue`) so that the service can refuse it before its first byte, and goes out only with an access token that the service is known
 * to take.
 */
export class StoreRequest {
  readonly #context: StoreContext;
  readonly #boundary = randomUUID();
  #kept: Buffer[] = [];
  #line?: Line;
  #parts = 0;
  #bytes = 0;
  #accessToken = '';
  #isBodySent = false;
  #isCut = false;
  /** The line on which a body that is sent as a whole has not left as a whole yet. */
  #leaving?: Line;
  /** What the service answered before it had anything of the body. */
  #early?: ServiceAnswer;

  constructor(context: StoreContext) {
    this.#context = context;
  }

  /** Of the body so far. */
  get bytes(): number {
    return this.#bytes;
  }

  get parts(): number {
    return this.#parts;
  }

  /** The access token it went out with; empty: it has not gone out yet. */
  get accessToken(): string {
    return this.#accessToken;
  }

  /** The service has answered, or the line broke, before the body was complete: nothing more is to be written. */
  get isOver(): boolean {
    return this.#line?.isOver ?? false;
  }

  /** Begins a part. */
  begin(contentType: string): Promise<void> | undefined {
    const before = this.#parts === 0 ? '' : CRLF;
    this.#parts += 1;
    return this.write(
      Buffer.from(
        `${before}--${this.#boundary}${CRLF}Content-Type: ${contentType}${CRLF}${CRLF}`,
        'latin1'
      )
    );
  }

  /**
   * Sends bytes of the part.
   * @returns a promise when the service does not take more now; wait for it. It does not reject for what the service says.
   */
  write(bytes: Buffer): Promise<void> | undefined {
    this.#bytes += bytes.length;
    if (this.#line) return this.#line.write(bytes) ? undefined : this.#line.drained();
    this.#kept.push(bytes);
    return this.#bytes > REPLAY_BYTES ? this.#begin() : undefined;
  }

  /**
   * Ends the body and reads the answer.
   * @returns also when the answer came before the body's end: see {@link isWhole}.
   * @throws {Refusal} when there is no answer.
   */
  async end(): Promise<ServiceAnswer> {
    if (this.#early) return this.#early;
    const closing = Buffer.from(`${CRLF}--${this.#boundary}--${CRLF}`, 'latin1');
    if (!this.#line) {
      this.#kept.push(closing);
      this.#bytes += closing.length;
      return await this.#sendWhole();
    }
    if (!this.#line.isOver) {
      this.#line.outgoing.end(closing);
      this.#isBodySent = true;
    }
    return await this.#read(this.#line);
  }

  /** The body has been sent to its end; the answer is to all of it. */
  get isWhole(): boolean {
    return this.#isBodySent;
  }

  /** Cuts the line, unless the service has the whole body: then its answer is still of use. */
  cut(): void {
    this.#isCut = true;
    if (!this.#isBodySent) this.#line?.cut();
    this.#leaving?.cut();
  }

  async #read(line: Line): Promise<ServiceAnswer> {
    const { access } = this.#context.service;
    try {
      const answer = await line.answer();
      if (answer.status === 401) access.refused(this.#accessToken);
      else if (answer.status < 500 && answer.status !== 429) access.taken(this.#accessToken);
      return answer;
    } catch (error) {
      access.doubted(this.#accessToken);
      throw connectionRefusal(error, UNKNOWN_FATE);
    } finally {
      if (!this.#isBodySent) line.cut();
    }
  }

  async #open(
    more: { 'content-length': number } | { expect?: string },
    mayReuse: boolean
  ): Promise<Line> {
    const { service, path, userAgent, caller } = this.#context;
    const accessToken = await service.access.accessToken(caller);
    this.#accessToken = accessToken ?? '';
    const contentType = `multipart/related; type="application/dicom"; boundary=${this.#boundary}`;
    const headers = { ...storeHeaders(contentType, accessToken, userAgent), ...more };
    const { onOver = () => undefined } = this.#context;
    return new Line(service.upstream.open({ method: 'POST', path, headers, mayReuse }), onOver);
  }

  /** Whether to send it again, after an answer to a request that can be. Waits as long as the service asks for. */
  async #judge({ status, headers }: ServiceAnswer, attempt: number): Promise<Verdict> {
    const { service, caller, budget } = this.#context;
    if (status === 401) {
      if (attempt > 1) return 'final';
      service.metrics.retry('401');
      return 'again';
    }
    if (status !== 429 && status !== 503) return 'final';
    if (!(await budget.waits(attempt, headers['retry-after'], caller.signal))) return 'final';
    service.metrics.retry(status === 429 ? '429' : '503');
    return 'again';
  }

  /** Announces the body, and begins to send it when the service wants it. */
  async #begin(): Promise<void> {
    const {
      service,
      caller: { signal },
    } = this.#context;
    const { expectContinue, metrics } = service;
    await proveAccess(service, signal);
    for (let attempt = 1; ; attempt += 1) {
      const isAsked = expectContinue.isWorthwhile;
      const mayReuse = isAsked && attempt === 1;
      const line = await this.#open(isAsked ? { expect: '100-continue' } : {}, mayReuse);
      if (isAsked) {
        line.outgoing.flushHeaders();
        await line.continued(CONTINUE_WAIT_MS);
        if (line.wasStale) {
          metrics.retry('connection');
          continue;
        }
        if (!line.isOver && !line.isContinued) expectContinue.missed();
        if (line.isAnswered && !line.isContinued && (await this.#isRefused(line, attempt)))
          continue;
      }
      if (signal.aborted) line.cut();
      signal.throwIfAborted();
      this.#line = line;
      for (const bytes of this.#kept) line.write(bytes);
      this.#kept = [];
      await line.drained();
      return;
    }
  }

  /** The service answered before it had anything of the body; true: it is to be asked again. */
  async #isRefused(line: Line, attempt: number): Promise<boolean> {
    const answer = await this.#read(line);
    if (answer.status === 417) {
      this.#context.service.expectContinue.missed();
      return true;
    }
    if ((await this.#judge(answer, attempt)) === 'again') return true;
    this.#early = answer;
    return false;
  }

  async #sendWhole(): Promise<ServiceAnswer> {
    const { service } = this.#context;
    const body = this.#kept.length > FEW_PIECES ? [Buffer.concat(this.#kept)] : this.#kept;
    this.#kept = [];
    let mayReuse = true;
    for (let attempt = 1; ; attempt += 1) {
      const line = await this.#open({ 'content-length': this.#bytes }, mayReuse);
      this.#leaving = line;
      if (this.#isCut) line.cut();
      line.sendWhole(body, () => (this.#leaving = undefined));
      this.#isBodySent = true;
      try {
        const answer = await this.#read(line);
        if ((await this.#judge(answer, attempt)) === 'final') return answer;
      } catch (error) {
        if (!line.wasStale || !mayReuse) throw error;
        // What it may have stored nevertheless comes back as "already stored".
        service.metrics.retry('connection');
        mayReuse = false;
      } finally {
        this.#leaving = undefined;
      }
    }
  }
}
