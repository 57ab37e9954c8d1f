import { AuthError } from '../auth-error.ts';
import type { BrowserEnvironment } from './environment.ts';
import type { BeforeRedirect } from './session-types.ts';
import { BEFORE_REDIRECT_TIMEOUT_MS } from './session-types.ts';
import { scrubbed } from './sign-in-errors.ts';

function workNotKept(cause?: unknown): AuthError {
  return new AuthError(
    'ERR_AUTH_WORK_NOT_KEPT',
    'The page was not left to sign in, since what is not saved on it could not be kept. Allow pop-up windows for this page, then sign in in a window of its own.',
    cause === undefined ? undefined : { cause: scrubbed(cause) }
  );
}

/** What must be on disk before the page is left for the provider's. */
export class Departure {
  readonly #schedule: BrowserEnvironment['schedule'];
  readonly #keepers = new Set<BeforeRedirect>();

  constructor(schedule: BrowserEnvironment['schedule']) {
    this.#schedule = schedule;
  }

  /** @returns what takes it away again. */
  add(keep: BeforeRedirect): () => void {
    // A function of its own for each call, so that the same one may be added twice.
    const keeper: BeforeRedirect = () => keep();
    this.#keepers.add(keeper);
    return () => this.#keepers.delete(keeper);
  }

  /**
   * Resolves when all is kept, `last` at last.
   * @throws AuthError `ERR_AUTH_WORK_NOT_KEPT`: one of them failed, or they took longer than {@link BEFORE_REDIRECT_TIMEOUT_MS}.
   */
  async ready(last?: BeforeRedirect): Promise<void> {
    let stopClock = (): void => undefined;
    const tooLate = new Promise<never>((_resolve, reject) => {
      stopClock = this.#schedule(() => reject(workNotKept()), BEFORE_REDIRECT_TIMEOUT_MS);
    });
    try {
      await Promise.race([this.#keepAll(last), tooLate]);
    } finally {
      stopClock();
    }
  }

  async #keepAll(last?: BeforeRedirect): Promise<void> {
    try {
      await Promise.all([...this.#keepers].map(async keep => keep()));
      await last?.();
    } catch (error) {
      throw workNotKept(error);
    }
  }
}
