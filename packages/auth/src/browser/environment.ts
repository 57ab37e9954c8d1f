import type { FetchLike } from '@ohif-azure/core';

/** The sign-in window, as far as the page may look at it. */
export interface SignInWindow {
  readonly closed: boolean;
  /** Goes to `url` and leaves no entry in the window's history. */
  navigate(url: string): void;
  focus(): void;
  close(): void;
}

/** A line to the other pages of this origin. */
export interface Channel {
  post(message: unknown): void;
  close(): void;
}

/** What the session needs of the browser; a parameter, so that tests need none. */
export interface BrowserEnvironment {
  /** Of the page, for example `https://viewer.clinic.example`. */
  readonly origin: string;
  /** `subtle` is missing on pages that are not served over HTTPS or from localhost. */
  readonly crypto: { readonly subtle?: SubtleCrypto; getRandomValues: Crypto['getRandomValues'] };
  /** Missing where the user forbids it. Ends with the tab. */
  readonly sessionStorage?: Storage;
  readonly indexedDB?: IDBFactory;
  /** Only discovery goes through it; the token endpoint is asked by oidc-client-ts, through the global `fetch`. */
  readonly fetch: FetchLike;
  /** The page is cross-origin isolated: a window that has been at another origin counts as closed for it, though it is open. */
  readonly isIsolated: boolean;
  /** Path, query and fragment of the page's address as it is now. */
  currentPath(): string;
  /** Leaves the page. */
  navigate(url: string): void;
  /** Opens an empty window, or gives `undefined` where the browser blocks it. */
  openWindow(): SignInWindow | undefined;
  /** The page has the keyboard: no other window of the browser is in front of it. */
  hasFocus(): boolean;
  /** Calls `listener` once after `ms` milliseconds. @returns what cancels it. */
  schedule(listener: () => void, ms: number): () => void;
  /** Calls `listener` when the page is looked at again, or the network is back. @returns what ends it. */
  onWake(listener: () => void): () => void;
  /** Calls `listener` with messages of windows of this origin. @returns what ends it. */
  onMessage(listener: (data: unknown) => void): () => void;
  /** `undefined` where the browser has none. */
  openChannel(name: string, listener: (data: unknown) => void): Channel | undefined;
  /** Runs `task` while no other page of this origin runs one of the same name. @param task - learns whether it had to wait. */
  exclusively<Result>(name: string, task: (hasWaited: boolean) => Promise<Result>): Promise<Result>;
}

const WINDOW_WIDTH = 520;
const WINDOW_HEIGHT = 680;

/** Access to a storage may itself be refused, with an exception. */
function allowed<Value>(read: () => Value): Value | undefined {
  try {
    return read() ?? undefined;
  } catch {
    return undefined;
  }
}

function openWindow(): SignInWindow | undefined {
  const left = Math.max(0, Math.round(window.screenX + (window.outerWidth - WINDOW_WIDTH) / 2));
  const top = Math.max(0, Math.round(window.screenY + (window.outerHeight - WINDOW_HEIGHT) / 3));
  const features = `popup,width=${WINDOW_WIDTH},height=${WINDOW_HEIGHT},left=${left},top=${top}`;
  const opened = allowed(() => window.open('', '_blank', features));
  if (!opened) return undefined;
  return {
    get closed() {
      return opened.closed;
    },
    navigate: url => opened.location.replace(url),
    focus: () => opened.focus(),
    close: () => opened.close(),
  };
}

function onWake(listener: () => void): () => void {
  const whenVisible = (): void => {
    if (document.visibilityState === 'visible') listener();
  };
  document.addEventListener('visibilitychange', whenVisible);
  window.addEventListener('focus', listener);
  window.addEventListener('online', listener);
  return () => {
    document.removeEventListener('visibilitychange', whenVisible);
    window.removeEventListener('focus', listener);
    window.removeEventListener('online', listener);
  };
}

function onMessage(listener: (data: unknown) => void): () => void {
  const whenOurs = (event: MessageEvent): void => {
    if (event.origin === window.location.origin) listener(event.data);
  };
  window.addEventListener('message', whenOurs);
  return () => window.removeEventListener('message', whenOurs);
}

function openChannel(name: string, listener: (data: unknown) => void): Channel | undefined {
  if (typeof BroadcastChannel === 'undefined') return undefined;
  const channel = new BroadcastChannel(name);
  channel.onmessage = event => listener(event.data);
  return { post: message => channel.postMessage(message), close: () => channel.close() };
}

async function exclusively<Result>(
  name: string,
  task: (hasWaited: boolean) => Promise<Result>
): Promise<Result> {
  const locks = (navigator as Partial<Navigator>).locks;
  if (!locks) return await task(false);
  let isFree = true;
  const result = await locks.request(name, { ifAvailable: true }, async lock => {
    isFree = lock !== null;
    return lock ? await task(false) : undefined;
  });
  if (isFree) return result as Result;
  return (await locks.request(name, () => task(true))) as Result;
}

/** The environment of the page this runs in. */
export function browserEnvironment(): BrowserEnvironment {
  return {
    origin: window.location.origin,
    crypto: globalThis.crypto,
    sessionStorage: allowed(() => window.sessionStorage),
    indexedDB: allowed(() => window.indexedDB),
    fetch: (input, init) => globalThis.fetch(input, init),
    isIsolated: globalThis.crossOriginIsolated === true,
    currentPath: () => window.location.href.slice(window.location.origin.length),
    navigate: url => window.location.assign(url),
    openWindow,
    hasFocus: () => document.hasFocus(),
    schedule: (listener, ms) => {
      const timer = setTimeout(listener, ms);
      return () => clearTimeout(timer);
    },
    onWake,
    onMessage,
    openChannel,
    exclusively,
  };
}
