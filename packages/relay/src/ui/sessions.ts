import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { sleep, type Clock } from '@ohif-azure/core';
import type { CallerCredentials } from '../settings.ts';

/** A session ends after so long without a request, in milliseconds. */
export const SESSION_IDLE_MS = 30 * 60_000;
/** The answer to a wrong credential waits so long, in milliseconds; wrong ones wait for each other. */
const WRONG_PAUSE_MS = 1_000;
const MAX_SESSIONS = 100;
const COOKIE = 'relay_session';

/** Somebody who is signed in to the operator page. */
export interface Session {
  /** Has to come with each change (a form of another origin does not know it). */
  readonly formKey: string;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Takes the same time whatever differs. */
const isSame = (given: string, expected: string): boolean =>
  timingSafeEqual(digest(given), digest(expected));

/** What was typed in. */
export interface Typed {
  readonly username: string;
  readonly password: string;
}

/** Sessions of the operator page, in memory: they end with the relay. */
export class Sessions {
  readonly #caller: CallerCredentials | undefined;
  readonly #clock: Clock;
  readonly #sessions = new Map<string, { formKey: string; until: number }>();
  #wrong: Promise<unknown> = Promise.resolve();

  constructor(caller: CallerCredentials | undefined, clock: Clock) {
    this.#caller = caller;
    this.#clock = clock;
  }

  /** Whether there is a credential to sign in with. */
  get isPossible(): boolean {
    return this.#caller !== undefined;
  }

  /**
   * Signs in with the user name and the password, or with the key as the password.
   * @returns the value of Set-Cookie; undefined when the credential is wrong.
   */
  async signIn({ username, password }: Typed, signal: AbortSignal): Promise<string | undefined> {
    const { username: user = '', password: secret = '', key = '' } = this.#caller ?? {};
    const checks = [
      isSame(`${username}:${password}`, `${user}:${secret}`) && user !== '' && secret !== '',
      isSame(password, key) && key !== '',
    ];
    if (!checks.includes(true)) {
      const pause = this.#wrong.then(() => sleep(this.#clock, WRONG_PAUSE_MS, signal));
      this.#wrong = pause.catch(() => undefined);
      await pause;
      return undefined;
    }
    const name = randomBytes(32).toString('base64url');
    const oldest = this.#sessions.keys().next().value;
    if (this.#sessions.size >= MAX_SESSIONS && oldest !== undefined) this.#sessions.delete(oldest);
    const until = this.#clock.now() + SESSION_IDLE_MS;
    this.#sessions.set(digest(name).toString('hex'), {
      formKey: randomBytes(32).toString('base64url'),
      until,
    });
    return `${COOKIE}=${name}; Path=/ui; HttpOnly; SameSite=Strict`;
  }

  /** The session of a request's cookies, made longer. */
  find(cookies: string | undefined): Session | undefined {
    const key = keyOf(cookies);
    const session = key === undefined ? undefined : this.#sessions.get(key);
    if (key === undefined || !session) return undefined;
    if (session.until < this.#clock.now()) {
      this.#sessions.delete(key);
      return undefined;
    }
    session.until = this.#clock.now() + SESSION_IDLE_MS;
    return session;
  }

  /** @returns the value of Set-Cookie that takes the cookie away. */
  signOut(cookies: string | undefined): string {
    const key = keyOf(cookies);
    if (key !== undefined) this.#sessions.delete(key);
    return `${COOKIE}=; Path=/ui; HttpOnly; SameSite=Strict; Max-Age=0`;
  }
}

function keyOf(cookies: string | undefined): string | undefined {
  const name = /(?:^|;\s*)relay_session=([\w-]{43})(?:;|$)/.exec(cookies ?? '')?.[1];
  return name === undefined ? undefined : digest(name).toString('hex');
}

/** Whether a form comes from a session's own page. */
export function isOwnForm(session: Session, formKey: string | null): boolean {
  return isSame(formKey ?? '', session.formKey);
}
