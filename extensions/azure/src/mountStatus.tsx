import type { SessionState } from '@ohif-azure/auth/browser';
import type { ArchiveSettings } from '@ohif-azure/core/settings';
import { text } from './texts/index.ts';
import { mountIsland } from './components/island.tsx';
import { DraftList, type DraftListProps } from './components/DraftList.tsx';
import { ReportStatus } from './components/ReportStatus.tsx';
import { SessionStatus } from './components/SessionStatus.tsx';
import type { SessionSummary } from './session/sessionSummary.ts';
import { observable } from './observable.ts';
import { downloadFile } from './downloadFile.ts';
import { resumeDraft } from './drafts/resumeDraft.ts';
import { wouldLose } from './guardUnsavedWork.ts';
import type { ExtensionParams } from './ohif.ts';
import { explainCreateReport } from './report/explainCreateReport.ts';
import { activeSource, archiveNamed, type AzureRuntime } from './runtime.ts';
import { studiesOfPage } from './session/studiesOfPage.ts';

const WHY_NOT = {
  'view-only': 'session.view-only',
  'step-up': 'session.missing.body',
  link: 'session.link',
  'signed-out': 'none.no-token',
} as const;
const NO_SESSION: SessionState = { status: 'signed-out' };

/** Puts the session element and the report's status into the page, for the work list and the viewer alike. */
export function mountStatus(
  runtime: AzureRuntime,
  params: ExtensionParams,
  hasShareLink: boolean
): void {
  const { session, controller, settings } = runtime;
  const summarize = (): SessionSummary => {
    const state = session?.state ?? NO_SESSION;
    return {
      session: state,
      // A service once, however many partitions of it can be chosen.
      archives: [
        ...new Set(
          settings.archives.map(
            ({ friendlyName, partition }) => partition?.serviceName ?? friendlyName
          )
        ),
      ],
      saving: savingOf(runtime, state, hasShareLink),
      canSignIn: session !== undefined,
    };
  };
  const summary = observable(summarize());
  session?.subscribe(() => summary.set(summarize()));
  runtime.accessTokens.subscribe(() => summary.set(summarize()));
  // A refused Store shows what no token tells: this account's role in the archive is for viewing.
  controller.view.subscribe(() => {
    if (summary.get().saving !== savingOf(runtime, session?.state ?? NO_SESSION, hasShareLink)) {
      summary.set(summarize());
    }
  });

  mountIsland(
    'report',
    <div className="oa-stack">
      <DraftList {...draftListProps(runtime, params)} />
      <ReportStatus controller={controller} />
    </div>
  );
  if (!session) return;
  explainCreateReport(() => {
    const { saving } = summary.get();
    return saving === 'may-save' ? undefined : text(WHY_NOT[saving]);
  });
  const signedOutPath = signedInTo(runtime)?.signIn?.signedOutPath ?? '/';
  mountIsland(
    'session',
    <SessionStatus
      summary={summary}
      signIn={() => void controller.signIn()}
      // What goes wrong is told by the session's state.
      signInHere={() => void session.signInByRedirect().catch(() => undefined)}
      showSignInWindow={() => void session.signInPopup().catch(() => undefined)}
      cancelSignIn={() => session.cancelSignIn()}
      signOut={() => {
        // Signing out leaves the page, and with it the measurements.
        if (wouldLose(runtime) && !window.confirm(text('sign-out.confirm'))) return;
        controller.discardAll();
        void session.signOut().catch(() => window.location.assign(signedOutPath));
      }}
    />
  );
}

function draftListProps(runtime: AzureRuntime, params: ExtensionParams): DraftListProps {
  const { drafts, controller, measurementDrafts } = runtime;
  const { servicesManager, commandsManager, extensionManager } = params;
  const parts = {
    controller,
    drafts,
    measurementDrafts,
    services: servicesManager.services,
    commandsManager,
    dataSource: () => extensionManager.getActiveDataSource()?.[0],
    isElsewhere: (sourceName: string) =>
      archiveNamed(runtime, sourceName) !== undefined &&
      activeSource(runtime, extensionManager)?.archive.sourceName !== sourceName,
    go: (path: string) => window.location.assign(path),
  };
  return {
    drafts: drafts.offered,
    off: drafts.off,
    isOpen: uid => studiesOfPage().includes(uid),
    resume: draft => void resumeDraft(parts, draft),
    download: ({ instances }) =>
      instances.forEach(({ bytes }, index) =>
        downloadFile(bytes, index === 0 ? 'report.dcm' : `report-${index + 1}.dcm`)
      ),
    discard: ({ id }) => void drafts.forget(id),
  };
}

function savingOf(
  runtime: AzureRuntime,
  { status }: SessionState,
  hasShareLink: boolean
): SessionSummary['saving'] {
  const { accessTokens, controller } = runtime;
  const archive = signedInTo(runtime);
  if (status !== 'signed-in') return hasShareLink ? 'link' : 'signed-out';
  const choice = archive && accessTokens.choose(archive, 'store');
  if (choice?.none?.remedy === 'step-up') return 'step-up';
  const isAllowed = choice?.token && archive && !accessTokens.isViewOnly(archive);
  return isAllowed && !controller.isRefused ? 'may-save' : 'view-only';
}

function signedInTo({ settings }: AzureRuntime): ArchiveSettings | undefined {
  return settings.archives.find(({ signIn }) => signIn);
}
