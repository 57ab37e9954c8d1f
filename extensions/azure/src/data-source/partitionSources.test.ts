import { resolveViewerSettings, type ArchiveSettings } from '@ohif-azure/core/settings';
import { createDicomwebClient, type DicomwebClient } from '@ohif-azure/dicomweb';
import { addDataSources, listedPartitions } from './partitionSources.ts';

const SERVICE = 'https://ws-svc.dicom.azurehealthcareapis.com';
const NAMESPACE = '@ohif-azure/extension-azure.dataSourcesModule.azure-dicomweb';

function settingsWith(configuration: object) {
  const appConfig = {
    dataSources: [
      {
        namespace: NAMESPACE,
        sourceName: 'azure',
        configuration: {
          serviceUrl: SERVICE,
          signIn: { tenantId: 'organizations', clientId: 'viewer' },
          ...configuration,
        },
      },
    ],
  };
  return {
    appConfig,
    archives: resolveViewerSettings(appConfig, 'https://viewer.example').archives,
  };
}

const NOWHERE = { pathname: '/', search: '' };

function serviceWith(
  status: number,
  names: string[] = []
): (archive: ArchiveSettings) => DicomwebClient {
  const body = JSON.stringify(names.map(partitionName => ({ partitionName })));
  return ({ dicomwebRoot }) =>
    createDicomwebClient({
      serviceUrl: dicomwebRoot,
      dialect: 'azure',
      transport: {
        send: async () => ({
          status,
          headers: new Headers(),
          bytes: async () => new TextEncoder().encode(body),
        }),
      },
    });
}

const names = (archives: readonly ArchiveSettings[]) =>
  archives.map(({ sourceName, partition }) => `${sourceName} ${partition?.name}`);

it('adds a data source for each partition of the list, in the viewer’s own list', () => {
  const { appConfig, archives } = settingsWith({ partitions: ['a', 'b'] });
  const given = appConfig.dataSources;
  addDataSources(appConfig, archives);
  expect(appConfig.dataSources).toBe(given);
  expect(given.map(({ namespace, sourceName }) => [namespace, sourceName])).toEqual([
    [NAMESPACE, 'azure'],
    [NAMESPACE, 'azure~b'],
  ]);
});

it("with 'all' those that the service lists are added, but not the first one again", async () => {
  const { archives } = settingsWith({ partitions: 'all', partition: 'b' });
  const found = await listedPartitions(archives, serviceWith(200, ['a', 'b', 'c/d', 'e']), NOWHERE);
  expect(names(found)).toEqual(['azure~a a', 'azure~e e']);
  expect(found[0]?.dicomwebRoot).toBe(`${SERVICE}/v2/partitions/a`);
});

it.each([400, 403, 404])('a service that answers %i has no other', async status => {
  const { archives } = settingsWith({ partitions: 'all' });
  expect(await listedPartitions(archives, serviceWith(status), NOWHERE)).toEqual([]);
});

it.each([
  ['/', '?dataSources=azure~x', ['azure~x x']],
  ['/', '?datasources=azure~x~y', ['azure~x~y x.y']],
  ['/azure/azure~x', '?StudyInstanceUIDs=1.2', ['azure~x x']],
  ['/azure/azure~x%20y', '', []],
  ['/azure/azure~%E0%A4%A', '', []],
  ['/azure/azure', '', []],
  ['/', '?dataSources=azure~~~', []],
])(
  'for who may not list them the one of the address %s%s is added',
  async (pathname, search, expected) => {
    const { archives } = settingsWith({ partitions: 'all' });
    expect(names(await listedPartitions(archives, undefined, { pathname, search }))).toEqual(
      expected
    );
  }
);

it('where the settings name the partitions, or none, nothing is asked', async () => {
  for (const configuration of [{ partitions: ['a', 'b'] }, { partition: 'a' }, {}]) {
    const { archives } = settingsWith(configuration);
    const never = () => {
      throw new Error('asked');
    };
    expect(
      await listedPartitions(archives, never, { pathname: '/', search: '?dataSources=azure~x' })
    ).toEqual([]);
  }
});
