import type { BrowserEnvironment, SignInWindow } from '../src/browser/environment.ts';
import { FakeIndexedDB } from './fake-indexed-db.ts';

/** A web storage in memory. */
export class FakeStorage implements Storage {
  readonly items = new Map<string, string>();
  /** Called when an item is removed, or would be. */
  onRemove: (name: string) => void = () => undefined;
  get length(): number {
    return this.items.size;
  }
  clear(): void {
    this.items.clear();
  }
  getItem(name: string): string | null {
    return this.items.get(name) ?? null;
  }
  key(index: number): string | null {
    return [...this.items.keys()][index] ?? null;
  }
  removeItem(name: string): void {
    this.items.delete(name);
    this.onRemove(name);
  }
  setItem(name: string, value: string): void {
    this.items.set(name, value);
  }
}

/** A sign-in window that goes nowhere: the test answers in its place. */
export class FakeWindow implements SignInWindow {
  closed = false;
  focused = 0;
  url: string | undefined;
  #arrive: (url: string) => void = () => undefined;
  /** Resolves with the first address it is sent to. */
  readonly navigated = new Promise<string>(resolve => {
    this.#arrive = resolve;
  });
  navigate(url: string): void {
    this.url = url;
    this.#arrive(url);
  }
  focus(): void {
    this.focused += 1;
  }
  close(): void {
    this.closed = true;
  }
}

/** What the tabs of one browser share. */
export class FakeBrowser {
  readonly origin = 'https://viewer.example';
  readonly indexedDB = new FakeIndexedDB();
  readonly channels = new Map<string, Set<(data: unknown) => void>>();
  readonly locks = new Map<string, Promise<unknown>>();
  /** Milliseconds; moved by {@link advance}. */
  now = Date.parse('2026-03-01T12:00:00Z');
  readonly #timers = new Set<{ at: number; run: () => void }>();

  get pendingTimers(): number {
    return this.#timers.size;
  }

  schedule(run: () => void, ms: number): () => void {
    const timer = { at: this.now + ms, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Lets time pass: timers run in order, each at its time. */
  advance(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const [next] = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#timers.delete(next);
      this.now = Math.max(this.now, next.at);
      next.run();
    }
    this.now = end;
  }

  send(channel: string, data: unknown, except?: (data: unknown) => void): void {
    for (const listener of this.channels.get(channel) ?? []) {
      if (listener !== except) listener(structuredClone(data));
    }
  }

  async exclusively<Result>(
    name: string,
    task: (hasWaited: boolean) => Promise<Result>
  ): Promise<Result> {
    const before = this.locks.get(name);
    const run = (before ?? Promise.resolve()).then(() => task(before !== undefined));
    const settled = run.catch(() => undefined);
    this.locks.set(name, settled);
    try {
      return await run;
    } finally {
      if (this.locks.get(name) === settled) this.locks.delete(name);
    }
  }
}

/** One tab: what a page of it sees. */
export class FakeTab {
  readonly browser: FakeBrowser;
  readonly sessionStorage: FakeStorage;
  readonly navigations: string[] = [];
  readonly windows: FakeWindow[] = [];
  /** Path, query and fragment of the page. */
  path = '/';
  isBlocking = false;
  isFocused = true;
  readonly #wakers = new Set<() => void>();
  readonly #messages = new Set<(data: unknown) => void>();

  constructor(browser = new FakeBrowser(), storage = new FakeStorage()) {
    this.browser = browser;
    this.sessionStorage = storage;
  }

  /** A copy of this tab, as a browser's "duplicate tab" makes it. */
  duplicate(): FakeTab {
    const storage = new FakeStorage();
    for (const [name, value] of this.sessionStorage.items) storage.setItem(name, value);
    return new FakeTab(this.browser, storage);
  }

  wake(): void {
    for (const listener of [...this.#wakers]) listener();
  }

  message(data: unknown): void {
    for (const listener of [...this.#messages]) listener(data);
  }

  get clock(): { now(): number } {
    return { now: () => this.browser.now };
  }

  environment(): BrowserEnvironment {
    const { browser } = this;
    return {
      origin: browser.origin,
      crypto: globalThis.crypto,
      sessionStorage: this.sessionStorage,
      indexedDB: browser.indexedDB as unknown as IDBFactory,
      fetch: (input, init) => fetch(input, init),
      isIsolated: false,
      currentPath: () => this.path,
      navigate: url => this.navigations.push(url),
      openWindow: () => {
        if (this.isBlocking) return undefined;
        const opened = new FakeWindow();
        this.windows.push(opened);
        return opened;
      },
      hasFocus: () => this.isFocused,
      schedule: (listener, ms) => browser.schedule(listener, ms),
      onWake: listener => {
        this.#wakers.add(listener);
        return () => this.#wakers.delete(listener);
      },
      onMessage: listener => {
        this.#messages.add(listener);
        return () => this.#messages.delete(listener);
      },
      openChannel: (name, listener) => {
        const listeners = browser.channels.get(name) ?? new Set();
        browser.channels.set(name, listeners.add(listener));
        return {
          post: data => browser.send(name, data, listener),
          close: () => listeners.delete(listener),
        };
      },
      exclusively: (name, task) => browser.exclusively(name, task),
    };
  }
}
