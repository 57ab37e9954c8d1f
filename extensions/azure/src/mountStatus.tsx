import type { SessionState } from '@ohif-azure/auth/browser';
import type { ArchiveSettings } from '@ohif-azure/core/settings';
import { hasUnsavedWork } from './report/unsavedWork.ts';
import { text } from './texts/index.ts';
import { mountIsland } from './components/island.tsx';
import { ReportStatus } from './components/ReportStatus.tsx';
import { SessionStatus, type SessionSummary } from './components/SessionStatus.tsx';
import { observable } from './observable.ts';
import type { Services } from './ohif.ts';
import type { AzureRuntime } from './runtime.ts';

const NO_SESSION: SessionState = { status: 'signed-out' };

/** Puts the session element and the report's status into the page, for the work list and the viewer alike. */
export function mountStatus(
  runtime: AzureRuntime,
  services: Services,
  hasShareLink: boolean
): void {
  const { session, controller, settings } = runtime;
  const summarize = (): SessionSummary => {
    const state = session?.state ?? NO_SESSION;
    return {
      session: state,
      archives: settings.archives.map(({ friendlyName }) => friendlyName),
      saving: savingOf(runtime, state, hasShareLink),
      canSignIn: session !== undefined,
    };
  };
  const summary = observable(summarize());
  session?.subscribe(() => summary.set(summarize()));
  // A refused Store shows what no token tells: this account's role in the archive is for viewing.
  controller.view.subscribe(() => {
    if (summary.get().saving !== savingOf(runtime, session?.state ?? NO_SESSION, hasShareLink)) {
      summary.set(summarize());
    }
  });

  mountIsland('report', <ReportStatus controller={controller} />);
  if (!session) return;
  const wouldLose = () =>
    controller.hasUnsaved || hasUnsavedWork(services, controller.savedMeasurements);
  const signedOutPath = signedInTo(runtime)?.signIn?.signedOutPath ?? '/';
  mountIsland(
    'session',
    <SessionStatus
      summary={summary}
      signIn={() => void controller.signIn()}
      signOut={() => {
        // Signing out leaves the page, and with it the measurements.
        if (wouldLose() && !window.confirm(text('sign-out.confirm'))) return;
        controller.discardAll();
        void session.signOut().catch(() => window.location.assign(signedOutPath));
      }}
    />
  );
}

function savingOf(
  runtime: AzureRuntime,
  { status }: SessionState,
  hasShareLink: boolean
): SessionSummary['saving'] {
  const { accessTokens, controller } = runtime;
  const archive = signedInTo(runtime);
  if (status !== 'signed-in') return hasShareLink ? 'link' : 'signed-out';
  const isAllowed = archive && accessTokens.choose(archive, 'store').token;
  return isAllowed && !controller.isRefused ? 'may-save' : 'view-only';
}

function signedInTo({ settings }: AzureRuntime): ArchiveSettings | undefined {
  return settings.archives.find(({ signIn }) => signIn);
}
