import { jsonOf } from '../support/row.ts';
import type { Table } from '../support/row.ts';

const TAGS = '/v2/extendedquerytags';
const add = (...entries: Record<string, unknown>[]) => jsonOf('POST', TAGS, entries);

/** While an operation is under way. */
export const RUNNING_OPERATION: Table = {
  name: 'Operations under way',
  options: { operationDelayMs: 3_600_000 },
  rows: [
    {
      title: 'an operation which has not begun: 202 with its Location',
      source: 'OperationsController',
      known: 'code',
      request: async s => {
        const answer = await s.send(add({ Path: '00101010', Level: 'Study' }));
        return { path: new URL(answer.json<{ href: string }>().href).pathname };
      },
      status: 202,
      headers: { location: /\/v2\/operations\/[0-9a-f]{32}$/ },
      text: /"status":"notStarted"/,
    },
    {
      title: 'tags while others are added: 409 with the operation',
      source: 'ExtendedQueryTagController; ExistingOperationException',
      known: 'code',
      request: () => add({ Path: '00101020', Level: 'Study' }),
      status: 409,
      headers: { location: /\/v2\/operations\// },
      text: /^There is already an active re-index operation with ID '[0-9a-f]{32}'\.$/,
    },
    {
      title: 'a tag which is being added is not searchable',
      source: 'QueryParser.GetQualifiedQueryTags',
      known: 'code',
      request: () => ({ path: '/v2/studies?PatientAge=035Y' }),
      status: 400,
      text: /is not queryable/,
    },
    {
      title: 'nor can it be deleted',
      source: 'SqlExtendedQueryTagStore, ExtendedQueryTagIsBusy',
      known: 'code',
      request: () => ({ method: 'DELETE', path: `${TAGS}/00101010` }),
      status: 503,
      text: "The extended query tag '00101010' is being processed.",
    },
    {
      title: 'a second bulk update: 409',
      source: 'UpdateInstanceOperationService',
      known: 'code',
      before: s =>
        s.send(
          jsonOf('POST', '/v2/studies/$bulkUpdate', {
            studyInstanceUids: ['1.2'],
            changeDataset: {},
          })
        ),
      request: () =>
        jsonOf('POST', '/v2/studies/$bulkUpdate', {
          studyInstanceUids: ['1.2'],
          changeDataset: {},
        }),
      status: 409,
      text: /^There is already an active update operation with ID '[0-9a-f]{32}'\.$/,
    },
  ],
};
