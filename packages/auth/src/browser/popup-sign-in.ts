import type { BrowserEnvironment, SignInWindow } from './environment.ts';
import type { Provider, SignInResult } from './provider.ts';
import type { SignInPopupOptions } from './session-types.ts';
import { popupBlocked, signInCancelled, waitForAnswer } from './sign-in-popup.ts';

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
  popup?: SignInWindow;
}

/** Signs in with a window of its own, one at a time. */
export class PopupSignIn {
  readonly #environment: BrowserEnvironment;
  readonly #provider: Provider;
  #running: Running | undefined;

  constructor(environment: BrowserEnvironment, provider: Provider) {
    this.#environment = environment;
    this.#provider = provider;
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
      promise: promise.finally(() => {
        request.signal?.removeEventListener('abort', cancel);
        popup?.close();
        this.#running = undefined;
      }),
    };
    this.#running = running;
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
    const { signal, loginHint, adopt } = request;
    const { url, state } = await this.#provider.signInRequest({
      returnTo: '/',
      isPopup: true,
      loginHint,
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
