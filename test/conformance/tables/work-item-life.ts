import type { Row } from '../support/row.ts';
import type { Item } from '../support/store-answers.ts';
import {
  at,
  claimed,
  create,
  created,
  post,
  TRANSACTION,
  value,
  workItem,
} from '../support/work-item-scene.ts';

const E2E = 'WorkItemTransactionTests';

/** Create, retrieve, update. */
export const WORK_ITEM_LIFE: readonly Row[] = [
  {
    title: 'create: 201 with its URLs',
    source: `${E2E}.Add WhenAddingWorkitem`,
    known: 'E2E',
    request: create,
    status: 201,
    text: '',
    headers: { location: /\/v2\/workitems\/2\.25\./, 'content-location': /\/v2\/workitems\// },
  },
  {
    title: 'create again: 409, in quotes',
    source: 'WorkitemService.Add; WorkitemInstanceAlreadyExists',
    known: 'code',
    before: created,
    request: create,
    status: 409,
    text: '"The workitem instance already exists. Try creating using a different UID."',
  },
  {
    title: 'another UID in the body: 400',
    source: 'WorkitemService.ReconcileWorkitemInstanceUid',
    known: 'code',
    request: s => create(s, { '00080018': value('UI', '1.2') }),
    status: 400,
    text: 'SOPInstanceUID in the payload does not match the workitem query parameter.',
  },
  {
    title: 'no UID: 400',
    source: 'AddWorkitemDatasetValidator',
    known: 'code',
    request: () => post('/v2/workitems', workItem()),
    status: 400,
    text: '"The required tag \'(0008,0018)\' is missing."',
  },
  {
    title: 'without a priority: 400',
    source: 'PS3.4 table CC.2.5-3; AddWorkitemDatasetValidator',
    known: 'code',
    request: s => create(s, { '00741200': undefined }),
    status: 400,
    text: '"The required tag \'(0074,1200)\' is missing."',
  },
  {
    title: 'an empty label: 400',
    source: 'AddWorkitemDatasetValidator',
    known: 'code',
    request: s => create(s, { '00741204': value('LO') }),
    status: 400,
    text: '"The value for tag \'(0074,1204)\' is missing."',
  },
  {
    title: 'with a Transaction UID: 400',
    source: 'AddWorkitemDatasetValidator, MustBeEmpty',
    known: 'code',
    request: s => create(s, { '00081195': value('UI', '1.2') }),
    status: 400,
    text: '"The attribute with tag \'(0008,1195)\' must be empty."',
  },
  {
    title: 'retrieve: without Transaction UID, SCHEDULED',
    source: `${E2E}.Retrieve`,
    known: 'E2E',
    before: created,
    request: s => ({ path: at(s) }),
    status: 200,
    headers: { 'content-type': 'application/dicom+json; charset=utf-8' },
    then: (answer, s) => {
      const item = answer.json<Item>();
      expect(item).not.toHaveProperty('00081195');
      expect(item['00080018']?.Value).toEqual([s.instance]);
      expect(item['00741000']?.Value).toEqual(['SCHEDULED']);
    },
  },
  {
    title: 'retrieve what is not there: 404, in quotes',
    source: 'WorkitemService.Retrieve',
    known: 'code',
    request: s => ({ path: at(s) }),
    status: 404,
    text: '"The workitem instance is not found."',
  },
  {
    title: 'update: 200, the new value is there',
    source: `${E2E}.Update …WhenWorkitemIsFound`,
    known: 'E2E',
    before: created,
    request: s => post(at(s), { '00741202': value('LO', 'WORKLIST-TEST') }),
    status: 200,
    headers: { 'content-location': /\/v2\/workitems\// },
    then: async (_, s) => expect((await s.send({ path: at(s) })).text).toContain('WORKLIST-TEST'),
  },
  {
    title: 'update with a Transaction UID while SCHEDULED: 400',
    source: 'UpdateWorkitemDatasetValidator',
    known: 'code',
    before: created,
    request: s => post(at(s, '?1.2'), { '00741202': value('LO', 'x') }),
    status: 400,
    text: 'Invalid TransactionUID for the specified Workitem Instance UID.',
    headers: { warning: /^299 localhost: "Invalid TransactionUID/ },
  },
  {
    title: 'update in progress, with its Transaction UID',
    source: `${E2E}.Update …WithTransactionUid`,
    known: 'E2E',
    before: claimed,
    request: s => post(at(s, `?${TRANSACTION}`), { '00741202': value('LO', 'WORKLIST-TEST') }),
    status: 200,
  },
  {
    title: 'update in progress, without: 400',
    source: 'UpdateWorkitemDatasetValidator',
    known: 'code',
    before: claimed,
    request: s => post(at(s), { '00741202': value('LO', 'x') }),
    status: 400,
    text: 'The target URI did not reference a claimed Workitem.',
  },
  {
    title: 'update of the patient: 400',
    source: 'UpdateWorkitemDatasetValidator, NotAllowed',
    known: 'code',
    before: created,
    request: s => post(at(s), { '00100020': value('LO', 'x'), '00100010': value('PN') }),
    status: 400,
    text: "The attribute with tag '(0010,0010)' cannot be present.",
  },
  {
    title: 'update of what is not there: 400',
    source: 'WorkitemResponseBuilder.BuildUpdateWorkitemResponse',
    known: 'code',
    request: s => post(at(s), {}),
    status: 400,
    text: 'The target URI did not reference a claimed Workitem.',
  },
];
