import type { Clock } from '@ohif-azure/core';
import { systemClock } from '@ohif-azure/core';
import { AuthError } from '../auth-error.ts';
import { singleFlight } from '../single-flight.ts';
import { Departure } from './departure.ts';
import type { BrowserEnvironment } from './environment.ts';
import { browserEnvironment } from './environment.ts';
import { missingScopes, scopesNotGranted } from './granted-scopes.ts';
import { NewsWait } from './news-wait.ts';
import { PopupSignIn } from './popup-sign-in.ts';
import type { SignInResult } from './provider.ts';
import { POPUP_STATE, Provider } from './provider.ts';
import { randomName } from './random-name.ts';
import { RenewalTimer } from './renewal-timer.ts';
import { retryDelayMs } from './renewal-schedule.ts';
import type { SessionRecord } from './session-record.ts';
import { parseRecord, recordFrom } from './session-record.ts';
import { composeState } from './session-state.ts';
import type { SessionStores } from './session-stores.ts';
import { openSessionStores } from './session-stores.ts';
import type {
  BeforeRedirect,
  BrowserSession,
  BrowserSessionOptions,
  FreshAccessTokenOptions,
  SessionState,
  SignInByRedirectOptions,
  SignInPopupOptions,
} from './session-types.ts';
import { callbackInvalid, insecureContext, signInRequired, toAuthError } from './sign-in-errors.ts';
import type { TabNews } from './tab-news.ts';
import { openTabNews } from './tab-news.ts';

const DEFAULT_MINIMUM_SECONDS = 30;

class Session implements BrowserSession {
  readonly #options: BrowserSessionOptions;
  readonly #environment: BrowserEnvironment;
  readonly #clock: Clock;
  readonly #provider: Provider;
  readonly #timer: RenewalTimer;
  readonly #popup: PopupSignIn;
  readonly #departure: Departure;
  readonly #listeners = new Set<(state: SessionState) => void>();
  readonly #news: ReturnType<typeof openTabNews>;
  readonly #recordName: string;
  readonly #newsWait: NewsWait;
  #stores: Promise<SessionStores> | undefined;
  #state: SessionState = Object.freeze({ status: 'starting' });
  #record: SessionRecord | undefined;
  #hasStarted = false;
  #failures = 0;
  #signInProblem: AuthError | undefined;
  #renewalProblem: AuthError | undefined;
  #isRenewalFailing = false;

  constructor(options: BrowserSessionOptions) {
    this.#options = options;
    this.#environment = {
      ...browserEnvironmentIfAny(),
      ...options.environment,
    } as BrowserEnvironment;
    this.#clock = options.clock ?? systemClock;
    this.#recordName = `${options.authority}|${options.clientId}`;
    this.#provider = new Provider(options, this.#environment, () => this.#openStores());
    const { schedule } = this.#environment;
    this.#newsWait = new NewsWait(schedule);
    this.#departure = new Departure(schedule);
    this.#popup = new PopupSignIn({
      environment: this.#environment,
      provider: this.#provider,
      clock: this.#clock,
      changed: () => {
        if (this.#popup.window) this.#signInProblem = undefined; // of an earlier attempt
        this.#publish();
      },
    });
    this.#timer = new RenewalTimer({
      environment: this.#environment,
      clock: this.#clock,
      record: () => this.#record,
      renew: () => void this.renew().catch(() => undefined), // told by the state
      publish: () => this.#publish(),
    });
    this.#news = openTabNews(this.#environment, news => void this.#hear(news));
  }

  get state(): SessionState {
    return this.#state;
  }

  subscribe(listener: (state: SessionState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async start(currentUrl: URL): Promise<{ returnTo?: string }> {
    return await this.#telling(async () => {
      try {
        this.#checkContext();
        if (!this.#isCallback(currentUrl)) {
          await this.#restore();
          return {};
        }
        return { returnTo: await this.#completeRedirect(currentUrl) };
      } finally {
        this.#hasStarted = true;
        this.#timer.run();
      }
    });
  }

  #checkContext(): void {
    if (!this.#environment.crypto?.subtle) throw insecureContext();
  }

  #openStores(): Promise<SessionStores> {
    this.#stores ??= openSessionStores(this.#environment);
    return this.#stores;
  }

  #isCallback(url: URL): boolean {
    const callback = new URL(this.#options.redirectUri);
    const isPath = url.origin === callback.origin && url.pathname === callback.pathname;
    return isPath && (url.searchParams.has('code') || url.searchParams.has('error'));
  }

  async #completeRedirect(url: URL): Promise<string> {
    try {
      if (url.searchParams.get('state')?.split(';')[1] === POPUP_STATE) throw callbackInvalid();
      return await this.#adoptSignIn(await this.#provider.completeSignIn(url));
    } catch (error) {
      // The callback's page loaded again, or gone back to: whoever is signed in already need not notice.
      await this.#restore();
      const isSignedIn = this.#record !== undefined && this.accessToken() !== undefined;
      const isStale = error instanceof AuthError && error.code === 'ERR_AUTH_CALLBACK_INVALID';
      if (isSignedIn && isStale) return new URL('.', this.#options.redirectUri).pathname;
      throw error;
    }
  }

  async #restore(): Promise<void> {
    const { session } = await this.#openStores();
    this.#record = parseRecord(await session.get(this.#recordName));
    const hasEnded = this.#record !== undefined && this.accessToken() === undefined;
    if (hasEnded && this.#record?.refreshToken) await this.renew().catch(() => undefined);
  }

  async #adoptSignIn({ response, returnTo }: SignInResult): Promise<string> {
    const record = recordFrom(response, {
      now: this.#clock.now(),
      clientId: this.#options.clientId,
      issuer: await this.#provider.issuer(),
      chain: randomName(this.#environment.crypto),
    });
    await this.#become(record);
    return returnTo;
  }

  /** Signed in anew, renewed, or signed out. */
  async #become(record: SessionRecord | undefined): Promise<void> {
    this.#record = record;
    this.#failures = 0;
    this.#isRenewalFailing = false;
    this.#signInProblem = undefined;
    this.#renewalProblem = undefined;
    this.#hasStarted = true;
    this.#timer.recordChanged();
    await this.#persist();
  }

  /** A storage that is full or forbidden costs a sign-in after a reload, not this session. */
  async #persist(): Promise<void> {
    const { session } = await this.#openStores();
    const record = this.#record;
    try {
      if (record) await session.set(this.#recordName, JSON.stringify(record));
      else await session.remove(this.#recordName);
      // Signed out while it was being written.
      if (record && !this.#record) await session.remove(this.#recordName);
    } catch {
      return;
    }
  }

  async signInByRedirect(options: SignInByRedirectOptions = {}): Promise<void> {
    await this.#telling(async () => {
      this.#checkContext();
      this.#popup.cancel();
      const { url, state } = await this.#provider.signInRequest({
        returnTo: options.returnTo ?? this.#environment.currentPath(),
        isPopup: false,
        loginHint: this.#record?.account.username,
        scopes: options.scopes,
      });
      try {
        await this.#departure.ready(options.beforeRedirect);
      } catch (error) {
        await this.#provider.forget(state);
        throw error;
      }
      this.#environment.navigate(url);
    });
  }

  onBeforeRedirect(keep: BeforeRedirect): () => void {
    return this.#departure.add(keep);
  }

  signInPopup(options: SignInPopupOptions = {}): Promise<void> {
    return this.#telling(() =>
      this.#popup.run({
        ...options,
        check: () => this.#checkContext(),
        loginHint: this.#record?.account.username,
        adopt: async result => {
          await this.#adoptSignIn(result);
          const missing = this.#record ? missingScopes(this.#record, options.scopes ?? []) : [];
          if (missing.length > 0) throw scopesNotGranted(missing);
        },
      })
    );
  }

  cancelSignIn(): void {
    this.#popup.cancel();
  }

  async signOut(): Promise<void> {
    const record = this.#record;
    this.#popup.cancel();
    await this.#become(undefined);
    if (record) {
      const { id: accountId } = record.account;
      this.#news?.post({ type: 'signed-out', client: this.#recordName, accountId });
    }
    await this.#telling(async () => {
      this.#environment.navigate(await this.#provider.signOutURL(record?.idToken));
    });
  }

  readonly renew = singleFlight(() => this.#renewOnce());

  async #renewOnce(): Promise<void> {
    const record = this.#record;
    this.#timer.renewalStarted();
    try {
      if (!record?.refreshToken) throw signInRequired();
      await this.#environment.exclusively(`ohif-azure-renewal-${record.chain}`, async hasWaited => {
        if (hasWaited && this.#record === record) await this.#newsWait.next();
        if (this.#record !== record) return; // renewed by a copy of this tab, or signed out
        await this.#renewRecord(record);
      });
      this.#timer.renewalEnded();
    } catch (error) {
      const problem = toAuthError(error, 'renewal');
      if (this.#record === record) await this.#renewalFailed(problem);
      else this.#timer.renewalEnded();
      throw problem;
    }
  }

  async #renewRecord(record: SessionRecord): Promise<void> {
    const response = await this.#provider.refresh(record);
    const renewed = recordFrom(response, {
      now: this.#clock.now(),
      clientId: this.#options.clientId,
      issuer: await this.#provider.issuer(),
      chain: record.chain,
      previous: record,
    });
    if (this.#record !== record) return;
    await this.#become(renewed);
    const sealed = (await this.#openStores()).sealed;
    if (!sealed || !this.#news) return;
    const text = await sealed.seal(record.chain, JSON.stringify(renewed));
    this.#news.post({ type: 'renewed', chain: record.chain, sealed: text });
  }

  async #renewalFailed(problem: AuthError): Promise<void> {
    const isTransient = problem.retry === 'transient';
    this.#failures += 1;
    this.#renewalProblem = problem;
    this.#isRenewalFailing = this.#record !== undefined;
    if (problem.code === 'ERR_AUTH_SIGNIN_REQUIRED' && this.#record?.refreshToken) {
      // It will not be accepted again; what is still valid is used to its end.
      const { expiresAt } = this.#record;
      this.#record = {
        ...this.#record,
        refreshToken: undefined,
        endsAt: expiresAt,
        isRenewalRefused: true,
      };
      await this.#persist();
    }
    this.#timer.renewalEnded(retryDelayMs(this.#failures, isTransient));
  }

  async #hear(news: TabNews): Promise<void> {
    const record = this.#record;
    if (!record) return;
    if (news.type === 'signed-out') {
      if (news.client !== this.#recordName || news.accountId !== record.account.id) return;
      await this.#become(undefined);
      return;
    }
    if (news.chain !== record.chain) return;
    const sealed = (await this.#openStores()).sealed;
    const renewed = parseRecord((await sealed?.unseal(news.chain, news.sealed)) ?? null);
    const current = this.#record;
    const isNews =
      renewed?.chain === current?.chain && renewed?.accessToken !== current?.accessToken;
    if (renewed && current && isNews && renewed.issuedAt >= current.issuedAt) {
      await this.#become(renewed);
    }
    this.#newsWait.arrived();
  }

  accessToken(): string | undefined {
    const { accessToken, expiresAt } = this.#record ?? {};
    return expiresAt !== undefined && this.#clock.now() >= expiresAt ? undefined : accessToken;
  }

  async freshAccessToken(options: FreshAccessTokenOptions = {}): Promise<string | undefined> {
    const { renew = false, minimumSeconds = DEFAULT_MINIMUM_SECONDS } = options;
    const record = this.#record;
    if (!record) return undefined;
    const { issuedAt, expiresAt = Infinity, refreshToken } = record;
    const leastMs = Math.min(minimumSeconds * 1000, (expiresAt - issuedAt) / 2);
    const isShort = expiresAt - this.#clock.now() < leastMs;
    if (!renew && (!isShort || refreshToken === undefined)) return this.accessToken();
    try {
      await this.renew();
    } catch {
      if (renew) return undefined;
    }
    return this.accessToken();
  }

  dispose(): void {
    this.#popup.cancel();
    this.#timer.dispose();
    this.#news?.close();
    this.#listeners.clear();
  }

  /** Runs `task`; its failure becomes the problem in the state as well. */
  async #telling<Result>(task: () => Promise<Result>): Promise<Result> {
    try {
      return await task();
    } catch (error) {
      const problem = toAuthError(error, 'sign-in');
      if (problem.code !== 'ERR_AUTH_SIGNIN_CANCELLED') this.#signInProblem = problem; // the user's own will
      this.#publish();
      throw problem;
    }
  }

  #publish(): void {
    const state = composeState({
      hasStarted: this.#hasStarted,
      record: this.#record,
      isExpired: this.accessToken() === undefined,
      isRenewalFailing: this.#isRenewalFailing,
      problem: this.#signInProblem ?? this.#renewalProblem,
      signInWindow: this.#popup.window,
      now: this.#clock.now(),
    });
    if (JSON.stringify(state) === JSON.stringify(this.#state)) return;
    this.#state = Object.freeze(state);
    for (const listener of [...this.#listeners]) listener(this.#state);
  }
}

function browserEnvironmentIfAny(): Partial<BrowserEnvironment> {
  return typeof window === 'undefined' ? {} : browserEnvironment();
}

/**
 * Makes the session of this tab. Nothing happens before `start()`.
 *
 * Authorization code flow with PKCE; renewal by the refresh token only, a minute before the end (after four fifths of a short life), and
 * when the page is looked at again or the network is back; with growing pauses while the provider is down, the valid access token being
 * used meanwhile. Tokens are kept encrypted in the tab's storage, else in memory. Expiry is judged by the life of an access token from
 * the moment of receipt, so that a wrong clock does no harm.
 * @throws TypeError when `redirectUri`, `signedOutUri` or `authority` is not an absolute URL.
 * @see RFC 6749, RFC 7636, RFC 9700; OpenID Connect Core 1.0
 */
export function createBrowserSession(options: BrowserSessionOptions): BrowserSession {
  for (const name of ['authority', 'redirectUri', 'signedOutUri'] as const) {
    if (!URL.canParse(options[name])) {
      throw new TypeError(`createBrowserSession: expected "${name}" to be an absolute URL`);
    }
  }
  return new Session(options);
}
