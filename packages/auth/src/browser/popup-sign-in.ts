import type { Clock } from '@ohif-azure/core';
import type { BrowserEnvironment, SignInWindow } from './environment.ts';
import type { Provider, SignInResult } from './provider.ts';
import type { SessionState, SignInPopupOptions } from './session-types.ts';
import {
  DEFAULT_POPUP_TIMEOUT_MS,
  popupBlocked,
  signInCancelled,
  waitForAnswer,
} from './sign-in-popup.ts';

/** What one sign-in in a window of its own needs to know. */
export interface PopupSignInRequest extends SignInPopupOptions {
  /** Throws where signing in makes no sense; called before the window is opened. */
  readonly check: () => void;
  readonly loginHint?: string;
  /** Takes the result over. Not called when the sign-in was cancelled meanwhile. */
  readonly adopt: (result: SignInResult) => Promise<unknown>;
}

interface Running {
  readonly promise: Promise<void>;
  readonly cancel: () => void;
  readonly window: NonNullable<SessionState['signInWindow']>;
  popup?: SignInWindow;
}

/** What {@link PopupSignIn} works on. */
export interface PopupSignInParts {
  readonly environment: BrowserEnvironment;
  readonly provider: Provider;
  readonly clock: Clock;
  /** A window was opened, or is there no more. */
  readonly changed: () => void;
}

/** Signs in with a window of its own, one at a time. */
export class PopupSignIn {
  readonly #environment: BrowserEnvironment;
  readonly #provider: Provider;
  readonly #clock: Clock;
  readonly #changed: () => void;
  #running: Running | undefined;

  constructor({ environment, provider, clock, changed }: PopupSignInParts) {
    this.#environment = environment;
    this.#provider = provider;
    this.#clock = clock;
    this.#changed = changed;
  }

  /** The window that is open, for {@link SessionState}. */
  get window(): SessionState['signInWindow'] {
    return this.#running?.popup && this.#running.window;
  }

  /** While one is open, brings it to the front and gives its result. Opens the window before anything is awaited. */
  run(request: PopupSignInRequest): Promise<void> {
    if (this.#running) {
      this.#running.popup?.focus();
      return this.#running.promise;
    }
    const controller = new AbortController();
    const { promise, popup } = this.#open(request, controller);
    const cancel = (): void => controller.abort();
    request.signal?.addEventListener('abort', cancel, { once: true });
    const running: Running = {
      cancel,
      popup,
      window: {
        until: this.#clock.now() + (request.timeoutMs ?? DEFAULT_POPUP_TIMEOUT_MS),
        isClosingNoticed: !this.#environment.isIsolated,
      },
      promise: promise.finally(() => {
        request.signal?.removeEventListener('abort', cancel);
        popup?.close();
        this.#running = undefined;
        this.#changed();
      }),
    };
    this.#running = running;
    this.#changed();
    return running.promise;
  }

  cancel(): void {
    this.#running?.cancel();
  }

  #open(
    request: PopupSignInRequest,
    { signal }: AbortController
  ): { promise: Promise<void>; popup?: SignInWindow } {
    try {
      request.check();
      if (request.signal?.aborted) throw signInCancelled();
      const popup = this.#environment.openWindow();
      if (!popup) throw popupBlocked();
      const cancelled = new Promise<never>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signInCancelled()), { once: true });
      });
      const signedIn = this.#signIn(popup, { ...request, signal });
      return { promise: Promise.race([signedIn, cancelled]), popup };
    } catch (error) {
      return { promise: Promise.reject(error) };
    }
  }

  async #signIn(popup: SignInWindow, request: PopupSignInRequest): Promise<void> {
    const { signal, loginHint, scopes, adopt } = request;
    const { url, state } = await this.#provider.signInRequest({
      returnTo: '/',
      isPopup: true,
      loginHint,
      scopes,
    });
    try {
      const answer = waitForAnswer(popup, state, this.#environment, request);
      answer.catch(() => undefined); // also when navigate() throws and nobody waits for it
      if (!signal?.aborted) popup.navigate(url);
      const result = await this.#provider.completeSignIn(await answer);
      if (signal?.aborted) throw signInCancelled();
      await adopt(result);
    } finally {
      await this.#provider.forget(state);
    }
  }
}
