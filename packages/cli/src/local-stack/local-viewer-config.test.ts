import { readFileSync } from 'node:fs';
import vm from 'node:vm';
import { resolveViewerSettings } from '@ohif-azure/core/settings';
import { localViewerConfig } from './local-viewer-config.ts';

const template = readFileSync(
  new URL('../../../../platform-config/azure.js', import.meta.url),
  'utf8'
);

/** Runs the file as a browser does, with a viewer into which the plug-ins are compiled. */
async function configOf(text: string): Promise<unknown> {
  const window: { extensions: string[]; config?: () => Promise<unknown> } = {
    extensions: ['@ohif-azure/extension-azure'],
  };
  vm.runInNewContext(text, { window });
  // Objects of another realm have another prototype; the viewer's are of its own.
  return JSON.parse(JSON.stringify(await window.config?.()));
}

it('gives the local stack the file that an administrator gets', async () => {
  const text = localViewerConfig(template, {
    service: 'http://localhost:8080',
    authority: 'http://localhost:8081/tenant/v2.0',
  });
  const { problems, archives } = resolveViewerSettings(
    await configOf(text),
    'http://localhost:3000'
  );
  expect(problems).toEqual([]);
  expect(archives[0]).toMatchObject({
    dicomwebRoot: 'http://localhost:8080/v2',
    signIn: {
      authority: 'http://localhost:8081/tenant/v2.0',
      clientId: 'ohif-viewer',
      when: 'save',
    },
  });
});

it('names every value that an administrator has not filled in', async () => {
  const { problems } = resolveViewerSettings(await configOf(template), 'https://viewer.example');
  expect(problems.map(({ path }) => path)).toEqual([
    'dataSources[0].configuration.serviceUrl',
    'dataSources[0].configuration.signIn.tenantId',
    'dataSources[0].configuration.signIn.clientId',
  ]);
});

it('fails when the file and the local stack no longer fit together', () => {
  expect(() => localViewerConfig('', { service: '', authority: '' })).toThrow('0 times, not once');
});
