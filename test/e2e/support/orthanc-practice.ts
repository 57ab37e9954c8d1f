import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { jest } from '@jest/globals';
import { createShareToken, SEED_STUDIES } from '@ohif-azure/emulator';
import { createRemoteJWKSet } from 'jose';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startOrthanc, type Orthanc } from '../../support/orthanc.ts';
import {
  startOrthancGate,
  type CredentialKind,
  type OrthancGate,
  type OrthancGateOptions,
} from '../../support/orthanc-gate.ts';
import {
  startKeycloakLikeProvider,
  type KeycloakLikeProvider,
} from '../../support/keycloak-like-provider.ts';
import { NoticePage } from '../pages/NoticePage.ts';
import { ReportStatus } from '../pages/ReportStatus.ts';
import { SessionMenu } from '../pages/SessionMenu.ts';
import { ViewerPage, type Mode } from '../pages/ViewerPage.ts';
import { launchBrowser } from './browser.ts';
import { OrthancArchive } from './orthanc-archive.ts';
import { takePictures } from './practice.ts';
import { CT } from './studies.ts';
import { startViewerSite, type ViewerSite } from './viewer-site.ts';

const CONFIG = path.resolve(
  import.meta.dirname,
  '../../../platform-config/orthanc-viewer/app-config.js'
);
const SECRET = 'a secret of the authorization service';
const STEP_TIMEOUT_MS = 20_000;
const STORY_TIMEOUT_MS = 120_000;

/** A clinician's desk with a browser that knows nobody yet, and a look into Orthanc and the gate. */
export interface OrthancDesk {
  page: Page;
  context: BrowserContext;
  viewerOrigin: string;
  archive: OrthancArchive;
  gate: OrthancGate;
  provider: KeycloakLikeProvider;
  viewer: ViewerPage;
  report: ReportStatus;
  session: SessionMenu;
  notice: NoticePage;
  /** The link by which Orthanc Explorer 2 opens the CT in OHIF. */
  link(options?: LinkOptions): Promise<string>;
  /** Kinds of credentials that came with a method; for Store alone: `POST`. */
  credentialsOf(method: string): CredentialKind[];
}

export interface LinkOptions {
  mode?: Mode;
  /** Default: `viewer-instant-link`. */
  type?: string;
  /** Default: an hour. */
  validitySeconds?: number;
  /** When it was made, in milliseconds since 1970. Default: now. */
  now?: () => number;
}

export interface OrthancPracticeOptions {
  gate?: Partial<OrthancGateOptions>;
  accessTokenSeconds?: number;
  /** Changes app-config.js, as an administrator would in an editor. */
  edit?: (settings: string) => string;
}

/**
 * Orthanc with a CT, the gate, a provider like Keycloak, the viewer's site and a browser, for a file of tests. Each story gets a new
 * browser context and a CT without reports; when it fails, a picture of its page is left in test-results/.
 *
 * @returns `story`, which makes a test's function
 */
export function openOrthancPractice(options: OrthancPracticeOptions = {}) {
  jest.setTimeout(STORY_TIMEOUT_MS);
  let orthanc: Orthanc;
  let gate: OrthancGate;
  let provider: KeycloakLikeProvider;
  let site: ViewerSite;
  let browser: Browser;
  let archive: OrthancArchive;

  beforeAll(async () => {
    [orthanc, site, browser] = await Promise.all([
      startOrthanc(),
      startViewerSite(),
      launchBrowser(),
    ]);
    archive = new OrthancArchive(orthanc);
    await archive.fill(SEED_STUDIES[0]?.instances() ?? []);
    const viewerOrigins = [site.origin];
    const { accessTokenSeconds, edit = text => text } = options;
    provider = await startKeycloakLikeProvider({ viewerOrigins, accessTokenSeconds });
    gate = await startOrthancGate({
      orthanc: orthanc.url,
      secret: SECRET,
      realmKeys: createRemoteJWKSet(new URL(provider.jwksUri)),
      viewerOrigins,
      ...options.gate,
    });
    const shipped = await readFile(CONFIG, 'utf8');
    site.setConfig(edit(filledIn(shipped, gate.dicomwebUrl, provider.authority)));
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all([gate?.close(), provider?.close(), site?.close(), orthanc?.close()]);
  });

  return function story(tell: (desk: OrthancDesk) => Promise<void>): () => Promise<void> {
    return async () => {
      await archive.removeReportsOf(CT);
      gate.forget();
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
      context.setDefaultTimeout(STEP_TIMEOUT_MS);
      const page = await context.newPage();
      try {
        await tell({
          page,
          context,
          viewerOrigin: site.origin,
          archive,
          gate,
          provider,
          viewer: new ViewerPage(page, site.origin),
          report: new ReportStatus(page),
          session: new SessionMenu(page),
          notice: new NoticePage(page),
          link: async ({ mode = 'viewer', validitySeconds = 3600, ...token } = {}) => {
            const value = await createShareToken({
              secret: SECRET,
              studyInstanceUID: CT,
              validitySeconds,
              ...token,
            });
            return `${site.origin}${ViewerPage.pathOf(CT, mode)}&token=${value}`;
          },
          credentialsOf: method => {
            const sent = gate.requests().filter(request => request.method === method);
            return [...new Set(sent.map(({ credential }) => credential))];
          },
        });
      } catch (error) {
        await takePictures(context);
        throw error;
      } finally {
        await context.close();
      }
    };
  };
}

/** The shipped file with the values of this practice in place of its placeholders. */
function filledIn(shipped: string, dicomwebUrl: string, authority: string): string {
  const values: [placeholder: string, value: string][] = [
    ['<https://pacs.example/orthanc/dicom-web>', dicomwebUrl],
    ['<https://keycloak.example/realms/orthanc>', authority],
    // The stock viewer's notice would only cover the study.
    ["{ option: 'configure', days: 90 }", "{ option: 'never' }"],
  ];
  return values.reduce((text, [placeholder, value]) => {
    if (!text.includes(placeholder)) throw new Error(`app-config.js has no ${placeholder}.`);
    return text.replaceAll(placeholder, value);
  }, shipped);
}
