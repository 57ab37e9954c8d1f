import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { jest } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { DraftList } from '../pages/DraftList.ts';
import { NoticePage } from '../pages/NoticePage.ts';
import { ReportStatus } from '../pages/ReportStatus.ts';
import { SessionMenu } from '../pages/SessionMenu.ts';
import { SignInPage } from '../pages/SignInPage.ts';
import { ViewerPage } from '../pages/ViewerPage.ts';
import { WorkListPage } from '../pages/WorkListPage.ts';
import { Archive } from './archive.ts';
import { launchBrowser } from './browser.ts';
import { TestHooks } from './faults.ts';
import { startStack, type Stack, type StackOptions } from './stack.ts';
import { CT } from './studies.ts';

const PICTURES = path.resolve(import.meta.dirname, '../../../test-results');
const STEP_TIMEOUT_MS = 20_000;
/** Longer than any story whose steps end in time: it is the step that must be named, not the story. */
const STORY_TIMEOUT_MS = 120_000;

/** What a story has at hand: a clinician's desk with a browser that knows nobody yet, and a look into the archive. */
export interface Desk {
  page: Page;
  context: BrowserContext;
  stack: Stack;
  archive: Archive;
  /** Test hooks of the DICOM service. */
  dicom: TestHooks;
  /** Test hooks of the identity provider. */
  identity: TestHooks;
  signInPage: SignInPage;
  workList: WorkListPage;
  viewer: ViewerPage;
  report: ReportStatus;
  drafts: DraftList;
  session: SessionMenu;
  /** A page of ours in place of the viewer. */
  notice: NoticePage;
  /** Opens an address of the viewer's site and signs in there. */
  signIn(username: string, address?: string): Promise<void>;
}

/**
 * One stack and one browser for a file of tests. Each story gets a new browser context, no faults, and a CT
 * study without reports; when it fails, a picture of its page is left in test-results/.
 *
 * @param options - of the stack; a function is called before it starts
 * @returns `story`, which makes a test's function; with `sit` and `tellAt` several tests share one desk
 */
export function openPractice(options: StackOptions | (() => Promise<StackOptions>) = {}) {
  jest.setTimeout(STORY_TIMEOUT_MS);
  let stack: Stack;
  let browser: Browser;
  let archive: Archive;

  beforeAll(async () => {
    const chosen = typeof options === 'function' ? await options() : options;
    [stack, browser] = await Promise.all([startStack(chosen), launchBrowser()]);
    archive = new Archive(stack);
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
  });

  /** Sits down at a desk with a new browser context, no faults, and a CT study without reports. */
  async function sit(): Promise<Desk> {
    const dicom = new TestHooks(stack.dicom);
    const identity = new TestHooks(stack.identity);
    await Promise.all([dicom.clear(), identity.clear()]);
    await archive.removeReportsOf(CT);
    await Promise.all([dicom.forget(), identity.forget()]);
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    context.setDefaultTimeout(STEP_TIMEOUT_MS);
    const page = await context.newPage();
    const signInPage = new SignInPage(page);
    return {
      page,
      context,
      stack,
      archive,
      dicom,
      identity,
      signInPage,
      workList: new WorkListPage(page),
      viewer: new ViewerPage(page, stack.viewer),
      report: new ReportStatus(page),
      drafts: new DraftList(page),
      session: new SessionMenu(page),
      notice: new NoticePage(page),
      async signIn(username, address = '/') {
        await page.goto(new URL(address, stack.viewer).href);
        await signInPage.signIn(username);
      },
    };
  }

  /** Tells at a desk, and leaves a picture of it when something goes wrong. */
  async function tellAt(desk: Desk, tell: (desk: Desk) => Promise<void>): Promise<void> {
    try {
      await tell(desk);
    } catch (error) {
      await takePictures(desk.context);
      throw error;
    }
  }

  /** A story that begins at a desk of its own. */
  function story(tell: (desk: Desk) => Promise<void>): () => Promise<void> {
    return async () => {
      const desk = await sit();
      try {
        await tellAt(desk, tell);
      } finally {
        await desk.context.close();
      }
    };
  }
  return Object.assign(story, { sit, tellAt });
}

/** Of every window, since what went wrong may be in the sign-in window. */
export async function takePictures(context: BrowserContext): Promise<void> {
  const name = (expect.getState().currentTestName ?? 'story').replace(/[^\w-]+/g, '-');
  await mkdir(PICTURES, { recursive: true });
  for (const [index, page] of context.pages().entries()) {
    const file = path.join(PICTURES, `${name}${index > 0 ? `-${index + 1}` : ''}.png`);
    // The story's own error is the one to show.
    await page.screenshot({ path: file, timeout: 5000 }).catch(() => undefined);
  }
}
