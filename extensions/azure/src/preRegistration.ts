import { completePopupIfAny } from '@ohif-azure/auth/browser';
import { resolveViewerSettings, type ArchiveSettings } from '@ohif-azure/core/settings';
import {
  createDicomwebClient,
  fetchTransport,
  xhrTransport,
  type Transport,
} from '@ohif-azure/dicomweb';
import { systemClock, type FetchLike } from '@ohif-azure/core';
import { showPage } from './components/PageNotice.tsx';
import { addDataSources, listedPartitions } from './data-source/partitionSources.ts';
import { createArchiveReader } from './data-source/ArchiveReader.ts';
import { stockConfiguration } from './data-source/stockConfiguration.ts';
import { withStoreTarget } from './data-source/storeTarget.ts';
import { createDrafts } from './drafts/createDrafts.ts';
import { jobOfDraft } from './drafts/jobOfDraft.ts';
import { MeasurementDrafts } from './drafts/MeasurementDrafts.ts';
import { downloadFile } from './downloadFile.ts';
import { cornerstoneOfPage } from './frames/cornerstone.ts';
import { hurryOnScroll } from './frames/hurryOnScroll.ts';
import { registerFrameLoader } from './frames/registerFrameLoader.ts';
import { guardUnsavedWork } from './guardUnsavedWork.ts';
import { mountStatus } from './mountStatus.tsx';
import { mountWorkListBar } from './mountWorkListBar.tsx';
import { never } from './never.ts';
import type { AppConfig, ExtensionParams } from './ohif.ts';
import { ReportController } from './report/ReportController.ts';
import type { AzureRuntime } from './runtime.ts';
import { createAccessTokens, type AccessTokens } from './session/accessTokens.ts';
import { scopesToSave } from './session/scopesToSave.ts';
import { settingsPage, startProblemPage } from './session/signInPages.ts';
import { startSession } from './session/startSession.ts';
import { sourceOfPage, studiesOfPage } from './session/studiesOfPage.ts';
import { takeShareToken } from './session/shareLink.ts';
import { startReading } from './viewport/startReading.ts';

/** How long a sign-in window may stay open. */
const SIGN_IN_TIMEOUT_MS = 5 * 60_000;

/**
 * Runs before the viewer renders anything: share link, settings, sign-in. Where the viewer must not start a page
 * of ours is shown and the promise never settles, as the viewer would go on without us if it were rejected.
 */
export async function preRegistration(params: ExtensionParams): Promise<AzureRuntime> {
  // First of all: after this line the router, the history and the storage never see a share link's token.
  const shareToken = takeShareToken(window.location, window.history);
  if (completePopupIfAny()) return never();
  try {
    return await start(params, shareToken);
  } catch (error) {
    showPage(startProblemPage(error, () => window.location.reload()));
    return never();
  }
}

async function start(
  params: ExtensionParams,
  fromAddress: string | undefined
): Promise<AzureRuntime> {
  const { appConfig, servicesManager, extensionManager } = params;
  const settings = resolveViewerSettings(appConfig, window.location.origin);
  if (settings.problems.length > 0) {
    const page = settingsPage(settings.problems);
    // eslint-disable-next-line no-console -- an administrator looks there first
    console.error(`${page.title}\n${page.technical}`);
    showPage(page);
    return never();
  }
  // eslint-disable-next-line no-console -- said once, as docs/settings.md promises
  settings.notes.forEach(note => console.info(`[ohif-azure] ${note}`));

  const { session, signedInTo, shareToken } = await startSession(settings.archives, fromAddress);
  const accessTokens = createAccessTokens(session, signedInTo, shareToken);
  const isSignedIn = session?.state.status === 'signed-in';
  const partitions = await listedPartitions(
    settings.archives,
    isSignedIn ? archive => clientsOf(archive, accessTokens).client : undefined
  );
  settings.archives.push(...partitions);
  takeOver(appConfig, settings.archives);
  const clients = new Map(
    settings.archives.map(archive => [archive.sourceName, clientsOf(archive, accessTokens)])
  );
  const drafts = createDrafts(settings.archives, session, shareToken);
  const controller: ReportController = new ReportController({
    signIn: async () =>
      session?.signInPopup({
        timeoutMs: SIGN_IN_TIMEOUT_MS,
        scopes: scopesToSave(signedInTo, accessTokens),
      }),
    account: () => session?.state.account,
    download: downloadFile,
    drafts,
    supersede: ({ studyInstanceUID }) => measurementDrafts.supersede(studyInstanceUID),
    jobOf: draft => jobOfDraft({ archives: settings.archives, clients, extensionManager }, draft),
  });
  const measurementDrafts: MeasurementDrafts = new MeasurementDrafts({
    drafts,
    isInReport: key => controller.holds(key),
    onLoaded: key => controller.savedMeasurements.add(key),
    clock: systemClock,
  });
  const runtime: AzureRuntime = {
    settings,
    session,
    accessTokens,
    controller,
    drafts,
    measurementDrafts,
    clients,
    sources: new Map(),
    pageSource: sourceOfPage(appConfig),
    reading: startReading(),
  };

  // Frames ask here. Only the active data source's own token is given, and none to another's.
  servicesManager.services.userAuthenticationService.setServiceImplementation({
    getAuthorizationHeader: () => {
      const [active] = extensionManager.getActiveDataSource() ?? [];
      const source = active && runtime.sources.get(active);
      return source ? accessTokens.header(source.archive, 'retrieve', studiesOfPage()[0]) : {};
    },
    handleUnauthenticated: () => undefined,
  });
  const loaderOf = (dicomwebRoot: string) =>
    settings.archives
      .filter(archive => archive.dicomwebRoot === dicomwebRoot)
      .map(({ sourceName }) => clients.get(sourceName)?.reader.frames)[0];
  const cornerstone = cornerstoneOfPage();
  if (cornerstone) {
    registerFrameLoader(cornerstone, loaderOf);
    hurryOnScroll(loaderOf);
  }
  guardUnsavedWork(runtime);
  mountStatus(runtime, params, shareToken !== undefined);
  mountWorkListBar(runtime);
  void drafts.refresh();
  const { reader } = clients.get(runtime.pageSource ?? '') ?? {};
  // The studies of the address are read while the viewer starts.
  studiesOfPage().forEach(uid => reader?.metadata.ahead(uid));
  return runtime;
}

function clientsOf(archive: ArchiveSettings, accessTokens: AccessTokens) {
  const at = (serviceUrl: string, transport: Transport) =>
    createDicomwebClient({
      serviceUrl,
      dialect: archive.dialect,
      authorization: accessTokens.source(archive),
      transport,
    });
  const storing = (serviceUrl: string) => {
    const client = at(serviceUrl, xhrTransport());
    return archive.dialect === 'azure' ? client : withStoreTarget(client);
  };
  return {
    client: storing(archive.dicomwebRoot),
    searchClient: storing(archive.searchRoot),
    reader: createArchiveReader(
      at(archive.dicomwebRoot, fetchTransport(fetchUncached, READING_IDLE_MS))
    ),
  };
}

/** A line on which nothing comes for so long is lost, in milliseconds: a viewport that waits must say so in the end. */
const READING_IDLE_MS = 30_000;

/** What is read stays in memory: the browser's cache would keep patient data on the disk. */
const fetchUncached: FetchLike = (input, init) => fetch(input, { ...init, cache: 'no-store' });

/** The stock viewer reads these; it must see its own form, and no `oidc` block to sign in with. */
function takeOver(appConfig: AppConfig, archives: readonly ArchiveSettings[]) {
  delete appConfig.oidc;
  addDataSources(appConfig, archives);
  // Without a handler the image loader fails on every refused frame (TypeError in the stock viewer).
  appConfig.httpErrorHandler ??= () => undefined;
  for (const source of appConfig.dataSources ?? []) {
    const archive = archives.find(({ sourceName }) => sourceName === source.sourceName);
    if (archive) source.configuration = stockConfiguration(archive);
  }
}
