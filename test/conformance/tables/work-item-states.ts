import type { Row } from '../support/row.ts';
import {
  at,
  cancel,
  claimed,
  created,
  performed,
  post,
  state,
  stateOf,
  TRANSACTION,
} from '../support/work-item-scene.ts';

const E2E = 'WorkItemTransactionTests';

/** Claim, complete, cancel. */
export const WORK_ITEM_STATES: readonly Row[] = [
  {
    title: 'claim: 200',
    source: `${E2E}.ChangeState`,
    known: 'E2E',
    before: created,
    request: s => state(s, 'IN PROGRESS'),
    status: 200,
    then: async (_, s) => expect(await stateOf(s)).toBe('IN PROGRESS'),
  },
  {
    title: 'complete: 200, when all is there',
    source: `${E2E} GivenWorkitemTransaction E2E workflow`,
    known: 'E2E',
    before: async s => {
      await claimed(s);
      const answer = await s.send(post(at(s, `?${TRANSACTION}`), performed));
      expect(`${answer.status} ${answer.text}`).toBe('200 ');
    },
    request: s => state(s, 'COMPLETED'),
    status: 200,
    then: async (_, s) => expect(await stateOf(s)).toBe('COMPLETED'),
  },
  ...(
    [
      [
        'complete without what was performed',
        claimed,
        'COMPLETED',
        TRANSACTION,
        "The value for tag '(0074,1216)' is missing.",
      ],
      [
        'complete what nobody claimed',
        created,
        'COMPLETED',
        TRANSACTION,
        "The workitem instance can not transition to 'COMPLETED' state: C301.",
      ],
      [
        'claim what is claimed',
        claimed,
        'IN PROGRESS',
        TRANSACTION,
        "The workitem instance can not transition to 'IN PROGRESS' state: C302.",
      ],
      [
        'another Transaction UID',
        claimed,
        'COMPLETED',
        '2.25.78',
        "The workitem instance can not transition to 'COMPLETED' state: C301.",
      ],
      [
        'another state',
        created,
        'SCHEDULED',
        TRANSACTION,
        "Expected value '(0074,1000)' to be one of the following values: [IN PROGRESS,CANCELED,COMPLETED]",
      ],
      [
        'no Transaction UID',
        created,
        'IN PROGRESS',
        '',
        "The attribute with tag '(0008,1195)' must not be empty.",
      ],
    ] as const
  ).map(([title, before, target, transaction, text]): Row => ({
    title: `${title}: 400`,
    source:
      'ChangeWorkitemStateDatasetValidator; ProcedureStepStateExtensions; PS3.4 table CC.1.1-2',
    known: 'code',
    before: s => before(s),
    request: s => state(s, target, transaction),
    status: 400,
    text: transaction === '' ? /\(0008,1195\)/ : text,
    headers: { warning: /^299 localhost: "/ },
  })),
  {
    title: 'state of what is not there: 404',
    source: 'WorkitemService.ChangeState',
    known: 'code',
    request: s => state(s, 'IN PROGRESS'),
    status: 404,
    text: 'The workitem instance is not found.',
  },
  {
    title: 'cancel: 202, in quotes',
    source: `${E2E}.Cancel …NeverCanceledOrCompleted`,
    known: 'E2E',
    before: created,
    request: cancel,
    status: 202,
    text: '"The workitem instance has been cancelled."',
    then: async (_, s) => expect(await stateOf(s)).toBe('CANCELED'),
  },
  {
    title: 'cancel again: 409 with a warning',
    source: `${E2E}.Cancel …AlreadyCanceled`,
    known: 'E2E',
    before: async s => {
      await created(s);
      await s.send(cancel(s));
    },
    request: cancel,
    status: 409,
    text: '"The UPS is already in the requested state of CANCELED."',
    headers: {
      warning: /^299 localhost: "The UPS is already in the requested state of CANCELED\."$/,
    },
  },
  {
    title: 'cancel what is claimed: 400',
    source: 'CancelWorkitemDatasetValidator; ProcedureStepStateExtensions',
    known: 'code',
    before: claimed,
    request: cancel,
    status: 400,
    text: '"The workitem instance can not transition to \'Canceled\' state: C312."',
  },
  {
    title: 'cancel what is not there: 404, in quotes',
    source: `${E2E}.Cancel …NotFound`,
    known: 'E2E',
    request: cancel,
    status: 404,
    text: '"The workitem instance is not found."',
  },
];
