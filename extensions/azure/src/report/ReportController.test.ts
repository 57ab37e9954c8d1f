import { ProjectError } from '@ohif-azure/core';
import {
  StoreError,
  type InstanceOutcome,
  type StoreErrorCode,
  type StoreResult,
} from '@ohif-azure/dicomweb';
import { ReportController } from './ReportController.ts';
import type { ReportJob } from './reportJob.ts';
import { NOT_SAVED } from './promptSaveReport.ts';
import type { ReportState } from './reportState.ts';

const result = (...outcomes: InstanceOutcome['outcome'][]): StoreResult => ({
  httpStatus: 200,
  message: 'STOW-RS POST https://h/v2/studies/1.2: 200 OK',
  instances: outcomes.map(outcome => ({ outcome, comments: [] })),
});
const failure = (code: StoreErrorCode) =>
  new StoreError(code, `STOW-RS POST https://h/v2: ${code}`);

/** A client that answers each Store with the next of `answers`, and each question with the next of `settlements`. */
function scripted(
  answers: (StoreResult | Error)[],
  settlements: ('present' | 'absent' | 'unknown' | 'different')[] = []
) {
  const sent: Uint8Array[] = [];
  const client: ReportJob['client'] = {
    async store([instance]) {
      if (instance && 'bytes' in instance) sent.push(instance.bytes);
      const answer = answers.shift();
      if (!answer || answer instanceof Error) throw answer ?? new Error('no more answers');
      return answer;
    },
    async settle() {
      return settlements.shift() ?? 'unknown';
    },
  };
  return { client, sent };
}

function jobWith(
  client: ReportJob['client'],
  onStored: ReportJob['onStored'] = () => undefined
): ReportJob {
  return {
    id: 'job',
    sourceName: 'azure',
    name: 'Follow-up',
    archive: 'Archive',
    account: { id: 'ada', displayName: 'Dr Ada Owner' },
    observer: 'Dr Ada Owner',
    studyInstanceUID: '1.2',
    client,
    instances: [{ bytes: new Uint8Array([1, 2, 3]), sopInstanceUID: '1.2.3' }],
    onStored,
  };
}

const controllerWith = (signIn: () => Promise<void> = async () => undefined, accountId = 'ada') => {
  const downloads: string[] = [];
  const controller = new ReportController({
    signIn,
    account: () => ({ id: accountId, displayName: accountId }),
    download: (_bytes, fileName) => downloads.push(fileName),
  });
  return { controller, downloads };
};

/** Design: "States by cause"; what the clinician is told for each way a Store can end. */
it.each<[string, StoreResult | Error, ReportState, boolean]>([
  ['stored', result('stored'), 'saved', true],
  ['warning', result('storedWithWarnings'), 'saved-with-warnings', true],
  ['45070, our own', result('alreadyStored'), 'already-saved', true],
  ['FailedSOPSequence', result('rejected'), 'rejected', false],
  ['one of two failed', result('stored', 'rejected'), 'rejected', false],
  ['one of two not known', result('stored', 'unknown'), 'unknown', false],
  ['401 after renewal', failure('ERR_STORE_UNAUTHORIZED'), 'sign-in-required', false],
  ['403', failure('ERR_STORE_FORBIDDEN'), 'forbidden', false],
  ['429 or 503', failure('ERR_STORE_THROTTLED'), 'throttled', false],
  ['no answer', failure('ERR_STORE_UNREACHABLE'), 'unreachable', false],
  ['line dropped', failure('ERR_STORE_OUTCOME_UNKNOWN'), 'unknown', false],
  ['400, 413, 415', failure('ERR_STORE_REFUSED'), 'rejected', false],
  ['a fault of our own', new Error('boom'), 'unknown', false],
])('%s', async (_cause, answer, state, isSaved) => {
  let shown = 0;
  const { client } = scripted([answer]);
  const { controller } = controllerWith();
  const saved = await controller.save(jobWith(client, () => void (shown += 1)));
  expect(saved).toBe(isSaved);
  expect(controller.view.get()?.state).toBe(state);
  expect(shown).toBe(isSaved ? 1 : 0);
  expect(controller.view.get()?.title).not.toBe('');
});

it('sends the same bytes again on retry, and shows the report once', async () => {
  let shown = 0;
  const { client, sent } = scripted([failure('ERR_STORE_FORBIDDEN'), result('stored')]);
  const { controller } = controllerWith();
  await controller.save(jobWith(client, () => void (shown += 1)));
  await controller.retry();
  expect(controller.view.get()?.state).toBe('saved');
  expect(sent[1]).toBe(sent[0]);
  expect(shown).toBe(1);
  await controller.retry();
  expect(sent).toHaveLength(2);
});

it.each([
  ['present', 'saved', 1],
  ['absent', 'saved', 2],
  ['unknown', 'unknown', 1],
] as const)(
  'asks before it sends an uncertain report again: %s',
  async (settlement, state, posts) => {
    const { client, sent } = scripted(
      [failure('ERR_STORE_OUTCOME_UNKNOWN'), result('stored')],
      [settlement]
    );
    const { controller } = controllerWith();
    await controller.save(jobWith(client));
    expect(controller.hasUnsaved).toBe(true);
    await controller.retry();
    expect(controller.view.get()?.state).toBe(state);
    expect(sent).toHaveLength(posts);
  }
);

it('does nothing but say so when a save is running', async () => {
  let finish: (value: StoreResult) => void = () => undefined;
  const client: ReportJob['client'] = {
    store: () => new Promise(resolve => (finish = resolve)),
    settle: async () => 'unknown',
  };
  const { controller } = controllerWith();
  const first = controller.save(jobWith(client));
  expect(await controller.save(jobWith(client))).toBe(false);
  expect(controller.view.get()).toMatchObject({
    state: 'saving',
    notice: expect.stringMatching(/being saved/),
  });
  finish(result('stored'));
  expect(await first).toBe(true);
});

it('signs in and goes on with the same report', async () => {
  const { client, sent } = scripted([failure('ERR_STORE_UNAUTHORIZED'), result('stored')]);
  const { controller } = controllerWith();
  await controller.save(jobWith(client));
  await controller.signIn();
  expect(controller.view.get()?.state).toBe('saved');
  expect(sent).toHaveLength(2);
});

class PopupBlocked extends ProjectError {
  override readonly code = 'ERR_AUTH_POPUP_BLOCKED';
  override readonly retry = 'permanent';
}

it('says what to do when the sign-in window is blocked, and keeps the report', async () => {
  const { client } = scripted([failure('ERR_STORE_UNAUTHORIZED')]);
  const { controller } = controllerWith(async () => {
    throw new PopupBlocked('blocked');
  });
  await controller.save(jobWith(client));
  await controller.signIn();
  expect(controller.view.get()).toMatchObject({
    state: 'sign-in-required',
    notice: expect.stringMatching(/pop-ups/),
  });
});

it.each([
  ['signed in', true],
  ['closed', false],
])('asks for sign-in before the report is made: %s', async (_case, signsIn) => {
  const { controller } = controllerWith();
  const answer = controller.requireSignIn('This link is for viewing.');
  expect(controller.view.get()).toMatchObject({
    state: 'sign-in-required',
    lines: ['This link is for viewing.'],
  });
  if (signsIn) await controller.signIn();
  else controller.dismiss();
  expect(await answer).toBe(signsIn);
  expect(controller.view.get()).toBeUndefined();
});

it('keeps an unsaved report within reach when its message is closed', async () => {
  const { client, sent } = scripted([failure('ERR_STORE_THROTTLED'), result('stored')]);
  const { controller, downloads } = controllerWith();
  const job = jobWith(client);
  await controller.save(job);
  controller.dismiss();
  expect(controller.view.get()).toBeUndefined();
  expect(controller.putAside.get()).toMatchObject([{ job, view: { state: 'throttled' } }]);
  controller.reopen(job);
  controller.download();
  expect(downloads).toEqual(['report.dcm']);
  await controller.retry();
  expect(sent).toHaveLength(2);
  expect(controller.hasUnsaved).toBe(false);
});

it('keeps one study’s failed report while another study’s is saved', async () => {
  const { client } = scripted([failure('ERR_STORE_FORBIDDEN'), result('stored')]);
  const { controller } = controllerWith();
  const failed = jobWith(client);
  await controller.save(failed);
  await controller.save({ ...jobWith(client), studyInstanceUID: '1.9' });
  controller.showInformation('There is nothing to save yet.');
  controller.dismiss();
  expect(controller.putAside.get().map(({ job }) => job)).toEqual([failed]);
});

it('drops an earlier attempt once the same measurements are in a stored report', async () => {
  const { client } = scripted([failure('ERR_STORE_FORBIDDEN'), result('stored')]);
  const { controller } = controllerWith();
  await controller.save({ ...jobWith(client), measurements: ['a@1'] });
  await controller.save({ ...jobWith(client), measurements: ['a@1', 'b@1'] });
  expect(controller.hasUnsaved).toBe(false);
});

it('does not send a report again in another person’s name', async () => {
  const { client, sent } = scripted([failure('ERR_STORE_UNAUTHORIZED'), result('stored')]);
  const { controller } = controllerWith(undefined, 'rita');
  await controller.save(jobWith(client));
  await controller.signIn();
  expect(sent).toHaveLength(1);
  expect(controller.view.get()).toMatchObject({
    state: 'sign-in-required',
    notice: expect.stringMatching(/signed Dr Ada Owner.*you are signed in as rita/),
  });
});

it.each([
  ['present', 'stored', 'saved'],
  ['absent', 'nothing', 'unreachable'],
  ['unknown', 'unknown', 'unknown'],
] as const)(
  'settles a study’s uncertain report before another is made: %s',
  async (settlement, outcome, state) => {
    const { client } = scripted([failure('ERR_STORE_OUTCOME_UNKNOWN')], [settlement]);
    const { controller } = controllerWith();
    await controller.save(jobWith(client));
    expect(await controller.settleStudy('1.9')).toBe('nothing');
    expect(await controller.settleStudy('1.2')).toBe(outcome);
    expect(controller.view.get()?.state).toBe(state);
  }
);

it('no longer says that the measurements are there once the viewer is left', async () => {
  const { client } = scripted([failure('ERR_STORE_FORBIDDEN')]);
  const { controller } = controllerWith();
  await controller.save(jobWith(client));
  expect(controller.view.get()?.lines.join(' ')).toMatch(/still here/);
  controller.leaveViewer();
  expect(controller.view.get()?.lines.join(' ')).toMatch(/no longer in the viewer.*download/);
});

it('ends a press that waits for sign-in when the viewer is left', async () => {
  const { controller } = controllerWith();
  const answer = controller.requireSignIn('Sign in to save.');
  controller.leaveViewer();
  expect(await answer).toBe(false);
  expect(controller.view.get()).toBeUndefined();
});

it('tells that the report is stored even where the study cannot show it', async () => {
  const { client } = scripted([result('stored')]);
  const { controller } = controllerWith();
  const saved = await controller.save(
    jobWith(client, () => {
      throw new Error(NOT_SAVED);
    })
  );
  expect(saved).toBe(true);
  expect(controller.view.get()?.state).toBe('saved');
  expect(controller.view.get()?.lines).toHaveLength(2);
});
