import { createDicomwebClient, type Transport } from '@ohif-azure/dicomweb';
import { searchTags } from './searchTags.ts';

/** A service that answers once with each status. */
function clientWith(...answers: [status: number, body?: unknown][]) {
  let asked = 0;
  const transport: Transport = {
    async send() {
      const [status, body] = answers[asked++] ?? [200, []];
      const bytes = new TextEncoder().encode(JSON.stringify(body ?? []));
      return { status, headers: new Headers(), bytes: async () => bytes };
    },
  };
  const client = createDicomwebClient({
    serviceUrl: 'https://archive.example/v2',
    dialect: 'azure',
    transport,
    clock: { now: () => 0, sleep: async () => undefined },
  });
  return { tags: searchTags(client), asked: () => asked };
}
const tag = (path: string, changes: object = {}) => ({
  path,
  vr: 'LO',
  level: 'Study',
  status: 'Ready',
  queryStatus: 'Enabled',
  ...changes,
});

it('keeps the tags that help, and asks once', async () => {
  const { tags, asked } = clientWith([
    200,
    [
      tag('00101000'),
      tag('00101001', { status: 'Adding' }),
      tag('00101005', { queryStatus: 'Disabled' }),
      tag('00200010', { level: 'Instance' }),
      tag('00100040'),
    ],
  ]);
  expect((await tags()).map(({ path }) => path)).toEqual(['00101000']);
  expect((await tags()).map(({ path }) => path)).toEqual(['00101000']);
  expect(asked()).toBe(1);
});

it.each([400, 403, 404, 501])('%i: the service has none, for good', async status => {
  const { tags, asked } = clientWith([status], [200, [tag('00101000')]]);
  expect(await tags()).toEqual([]);
  expect(await tags()).toEqual([]);
  expect(asked()).toBe(1);
});

it('a service that fails is asked again next time', async () => {
  const { tags } = clientWith([500], [200, [tag('00101000')]]);
  expect(await tags()).toEqual([]);
  expect(await tags()).toHaveLength(1);
});
