/** The page `doctor.html` of a viewer's site: the checks of `ohif-azure doctor` from a browser, with a real sign-in. */
import { describeToken, entraErrorAdvice } from '@ohif-azure/auth';
import type { BrowserSession } from '@ohif-azure/auth/browser';
import { redact } from '@ohif-azure/core';
import {
  checkConfig,
  fail,
  formatFindings,
  ok,
  runChecks,
  signInFinding,
  warn,
  type Deployment,
  type DoctorTools,
  type Finding,
} from '@ohif-azure/dicomweb/doctor';
import { openSession } from './doctor-session.ts';
import { findingElement, summaryText } from './findings-list.ts';
import { loadConfig } from './load-config.ts';

const part = <Kind extends HTMLElement>(name: string): Kind => {
  const found = document.querySelector<Kind>(`[data-cy="${name}"]`);
  if (!found) throw new Error(`doctor.html has no ${name}`);
  return found;
};
const list = part('doctor-findings');
const summary = part('doctor-summary');
const signInButton = part<HTMLButtonElement>('doctor-sign-in');
const runButton = part<HTMLButtonElement>('doctor-run');
const copyButton = part<HTMLButtonElement>('doctor-copy');
const writeBox = part<HTMLInputElement>('doctor-write');

const tools: DoctorTools = {
  fetch: (input, init) => fetch(input, { cache: 'no-store', ...init }),
  now: Date.now,
  explainEntra: entraErrorAdvice,
  describeToken: accessToken =>
    describeToken(accessToken, { service: { dialect: 'azure' }, now: Date.now() }),
};

let findings: Finding[] = [];
let session: BrowserSession | undefined;
let isRunning = false;
let runs = 0;

function tell(finding: Finding): void {
  findings.push(finding);
  list.hidden = false;
  list.append(findingElement(finding));
  summary.textContent = `Checking… ${summaryText(findings)}`;
}

function setRunning(running: boolean): void {
  isRunning = running;
  for (const button of [runButton, signInButton]) button.disabled = running;
  copyButton.disabled = running || findings.length === 0;
  document.body.dataset.state = running ? 'running' : 'done';
}

/** What a page needs so that anything else can work. */
function checkPage(): Finding {
  const { origin } = location;
  return window.isSecureContext
    ? ok('viewer', `${origin} is a secure page.`)
    : fail(
        'viewer',
        'insecure-page',
        `${origin} is not https: browsers give no cryptography to its pages, and sign-in needs it.`,
        'Serve the viewer over HTTPS.'
      );
}

/** This site's clock; those of other sites are not shown to pages. */
async function ownClock() {
  const date = await fetch('/app-config.js', { method: 'HEAD', cache: 'no-store' }).then(
    response => response.headers.get('date'),
    () => null
  );
  return { who: 'this site', date, at: Date.now() };
}

async function check(afterSignIn?: Finding): Promise<void> {
  if (isRunning) return;
  findings = [];
  list.replaceChildren();
  setRunning(true);
  try {
    await checkAll(afterSignIn);
  } catch (error) {
    tell(
      fail(
        'viewer',
        'not-checked',
        `The check itself failed: ${redact(String(error))}`,
        'Please report this.'
      )
    );
  }
  summary.textContent = summaryText(findings);
  setRunning(false);
  runs += 1;
  document.body.dataset.runs = String(runs);
}

async function checkAll(afterSignIn: Finding | undefined): Promise<void> {
  tell(checkPage());
  const { findings: found, deployment } = checkConfig(
    'app-config.js',
    await loadConfig(),
    location.origin
  );
  found.forEach(tell);
  if (!deployment) {
    signInButton.hidden = true;
    return;
  }
  session ??= await openSession(deployment);
  const accessToken = await session?.freshAccessToken();
  const here: Deployment = { ...deployment, viewerOrigin: location.origin };
  const options = {
    place: 'page',
    write: writeBox.checked,
    clocks: [await ownClock()],
    accessToken: async () => accessToken,
  } as const;
  for await (const finding of runChecks(here, tools, options)) {
    // The button below says the same, and how.
    if (finding.fault === 'token-missing' && session) {
      tell(
        warn(
          'access-token',
          'token-missing',
          'Nobody is signed in, so that role and search are not checked.',
          'Press "Sign in and check the rest".'
        )
      );
    } else tell(finding);
  }
  if (afterSignIn) tell(afterSignIn);
  signInButton.hidden = session === undefined || accessToken !== undefined;
}

/** Called from the click itself: browsers open a window only then. */
async function signIn(): Promise<void> {
  if (!session) return;
  let problem: Finding | undefined;
  summary.textContent = 'A window for the sign-in is open…';
  try {
    await session.signInPopup();
  } catch (error) {
    const { code } = error as { code?: string };
    problem =
      code === 'ERR_AUTH_SIGNIN_CANCELLED'
        ? warn(
            'sign-in',
            'sign-in-refused',
            'The sign-in did not come to its end: the window was closed.',
            `If it showed an error with an AADSTS number, look that up in docs/doctor.md. The redirect URI to register: ${location.origin}/callback`
          )
        : signInFinding(error, tools);
  }
  await check(problem);
}

/** Text for a mail to support. Findings hold no secrets; what redaction would find in them is taken out all the same. */
function reportText(): string {
  const head = `Check of ${location.origin}, ${new Date().toISOString()}: ${summaryText(findings)}`;
  return redact(`${head}\n\n${formatFindings(findings)}\n`);
}

async function copy(): Promise<void> {
  try {
    await navigator.clipboard.writeText(reportText());
    summary.textContent = `${summaryText(findings)}. The report is copied.`;
  } catch {
    summary.textContent =
      'The browser does not let this page copy. Select the lines and copy them.';
  }
}

signInButton.addEventListener('click', () => void signIn());
runButton.addEventListener('click', () => void check());
copyButton.addEventListener('click', () => void copy());
void check();
