/**
 * The extension and the mode, registered with the real `ExtensionManager`, `CommandsManager` and services of
 * `@ohif/core`. A misspelt module getter is silently never called there; these tests would notice.
 */
import * as OHIF from '@ohif/core';
import { createExtension } from '../../extensions/azure/src/index.ts';
import mode from '../../modes/azure/src/index.ts';

const { CommandsManager, ExtensionManager, ServicesManager, HotkeysManager } = OHIF;
const NAMESPACE = '@ohif-azure/extension-azure.dataSourcesModule.azure-dicomweb';

/** In place of `@ohif/extension-default`, as far as ours reaches for it. */
function stockExtension(calls: string[]) {
  const inner = {
    initialize: () => calls.push('initialize'),
    query: {
      studies: { search: async () => [], mapParams: () => ({}), processResults: () => [] },
      series: { search: async () => [] },
      instances: { search: async () => [] },
    },
    retrieve: { directURL: () => 'stock', series: { metadata: async () => 'metadata' } },
    store: { dicom: async () => undefined },
    getConfig: () => ({}),
  };
  return {
    id: '@ohif/extension-default',
    getDataSourcesModule: () => [
      { name: 'dicomweb', type: 'webApi', createDataSource: () => inner },
    ],
    getCommandsModule: () => ({
      defaultContext: 'DEFAULT',
      definitions: {
        createStoreFunction: {
          commandFn: ({ dataSource }: { dataSource?: string }) => `stock store of ${dataSource}`,
        },
        promptSaveReport: { commandFn: () => 'stock prompt' },
      },
    }),
  };
}

async function register(
  configuration: Record<string, unknown> = { qidoRoot: '/dicom-web', wadoRoot: '/dicom-web' }
) {
  const calls: string[] = [];
  const commandsManager = new CommandsManager({ getAppState: () => ({}) });
  const servicesManager = new ServicesManager(commandsManager);
  servicesManager.registerServices([
    OHIF.UserAuthenticationService.REGISTRATION,
    [OHIF.CustomizationService.REGISTRATION, {}],
    OHIF.MeasurementService.REGISTRATION,
  ]);
  const appConfig = {
    defaultDataSourceName: 'azure',
    oidc: undefined,
    dataSources: [
      { namespace: NAMESPACE, sourceName: 'azure', configuration },
      {
        namespace: '@ohif/extension-default.dataSourcesModule.dicomweb',
        sourceName: 'other',
        configuration: {},
      },
    ],
  };
  const extensionManager = new ExtensionManager({
    commandsManager,
    servicesManager,
    serviceProvidersManager: {},
    hotkeysManager: new HotkeysManager(commandsManager, servicesManager),
    appConfig,
  });
  servicesManager.setExtensionManager(extensionManager);
  const extension = createExtension();
  await extensionManager.registerExtensions(
    [stockExtension(calls), extension],
    appConfig.dataSources
  );
  return { calls, commandsManager, servicesManager, extensionManager, appConfig, extension };
}

afterEach(() => document.body.replaceChildren());

it('registers under the name of its package', async () => {
  const { extensionManager } = await register();
  expect(extensionManager.registeredExtensionIds).toEqual([
    '@ohif/extension-default',
    '@ohif-azure/extension-azure',
  ]);
});

it('makes its data source over the stock one', async () => {
  const { extensionManager, calls } = await register();
  const [source] = extensionManager.getDataSources('azure');
  expect(source.query.studies.mapParams()).toEqual({});
  source.initialize({ params: {}, query: new URLSearchParams() });
  expect(calls).toEqual(['initialize']);
  expect(await source.retrieve.series.metadata({ StudyInstanceUID: '1.2' })).toBe('metadata');
});

it('gives the stock source roots and rules that fit', async () => {
  const { appConfig } = await register();
  expect(appConfig.dataSources[0]?.configuration).toMatchObject({
    qidoRoot: 'http://localhost/dicom-web',
    wadoRoot: 'http://localhost/dicom-web',
    azureSourceName: 'azure',
  });
});

it('is found first where a command is run without a context', async () => {
  const { commandsManager } = await register();
  expect(typeof commandsManager.runCommand('createStoreFunction', { dataSource: 'azure' })).toBe(
    'function'
  );
});

it.each([
  ['another data source', 'other'],
  ['the clipboard', 'copyToClipboard'],
])('leaves %s to the stock viewer', async (_case, dataSource) => {
  const { commandsManager } = await register();
  expect(commandsManager.runCommand('createStoreFunction', { dataSource })).toBe(
    `stock store of ${dataSource}`
  );
});

it('takes the place of the tracking mode’s prompt on mode entry', async () => {
  const { extensionManager, servicesManager, commandsManager, appConfig, extension } =
    await register();
  extension.onModeEnter({ servicesManager, commandsManager, extensionManager, appConfig } as never);
  const { customizationService } = servicesManager.services;
  expect(typeof customizationService.getCustomization('measurement.promptSaveReport')).toBe(
    'function'
  );
});

it('gives no access token to another data source', async () => {
  const { servicesManager, extensionManager } = await register();
  const { userAuthenticationService } = servicesManager.services;
  extensionManager.setActiveDataSource('other');
  expect(userAuthenticationService.getAuthorizationHeader()).toEqual({});
});

it('shows all mistakes of the settings on a page, and starts nothing', async () => {
  let isRegistered = false;
  void register({ serviceUrl: 'ftp://x', signIn: { clientId: '' }, colour: 'red' }).then(
    () => (isRegistered = true)
  );
  const page = await waitFor(() =>
    document.querySelector('[data-cy="azure-page"][data-kind="settings"]')
  );
  expect(page.querySelectorAll('[data-cy="azure-setting-problem"]')).toHaveLength(4);
  expect(page.textContent).toContain('dataSources[0].configuration.serviceUrl');
  expect(isRegistered).toBe(false);
});

it('has a mode that the viewer can list', () => {
  expect(mode).toMatchObject({ id: '@ohif-azure/mode-azure', modeFactory: expect.any(Function) });
});

/** Settles when the page has changed so that `find` finds something. */
function waitFor(find: () => Element | null): Promise<Element> {
  return new Promise(resolve => {
    const look = () => {
      const found = find();
      if (found) {
        observer.disconnect();
        resolve(found);
      }
    };
    const observer = new MutationObserver(look);
    observer.observe(document, { childList: true, subtree: true });
    look();
  });
}
