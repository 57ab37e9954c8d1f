import { createBrowserSession } from '../src/browser/browser-session.ts';
import type { BrowserEnvironment } from '../src/browser/environment.ts';
import type { BrowserSession } from '../src/browser/session-types.ts';
import type { FakeTab } from './fake-browser.ts';
import { ScriptedProvider } from './scripted-provider.ts';

/** A page of the viewer that is not the callback. */
export const PLAIN = new URL('https://viewer.example/');
/** Where a sign-in begins and ends. */
export const RETURN_TO = '/viewer?StudyInstanceUIDs=1.2.3';
export const HOUR = 3_600_000;

/** A provider, and the sessions opened against it. */
export class SessionHarness {
  readonly provider = new ScriptedProvider();
  readonly #sessions: BrowserSession[] = [];

  static async start(): Promise<SessionHarness> {
    const harness = new SessionHarness();
    await harness.provider.start();
    return harness;
  }

  async stop(): Promise<void> {
    for (const session of this.#sessions) session.dispose();
    await this.provider.stop();
  }

  /** A page of a tab with a session that is not started. */
  open(
    tab: FakeTab,
    change: Partial<BrowserEnvironment> & { authority?: string } = {}
  ): BrowserSession {
    const { authority = this.provider.authority, ...environment } = change;
    const session = createBrowserSession({
      authority,
      clientId: 'ohif-viewer',
      scopes: ['openid', 'offline_access', 'Dicom.ReadWrite'],
      redirectUri: 'https://viewer.example/callback',
      signedOutUri: 'https://viewer.example/signed-out',
      service: { dialect: 'azure' },
      clock: tab.clock,
      environment: { ...tab.environment(), ...environment },
    });
    this.#sessions.push(session);
    return session;
  }

  /** Begins a sign-in by redirect. @returns the address at the provider. */
  async begin(tab: FakeTab, change: Partial<BrowserEnvironment> = {}): Promise<string> {
    const session = this.open(tab, change);
    await session.start(PLAIN);
    await session.signInByRedirect({ returnTo: RETURN_TO });
    session.dispose();
    return tab.navigations.at(-1) ?? '';
  }

  /** Signs in by redirect: two pages of one tab. @returns the session of the second. */
  async signIn(tab: FakeTab, change: Partial<BrowserEnvironment> = {}): Promise<BrowserSession> {
    const callback = this.provider.authorize(await this.begin(tab, change));
    const session = this.open(tab, change);
    await session.start(callback);
    return session;
  }
}
