import { RetrieveError } from '@ohif-azure/dicomweb';
import { ReadingProblems } from './ReadingProblems.ts';
import type { PageDisplaySet, PageServices, PageViewport } from './page.ts';
import { watchViewports } from './watchViewports.ts';

const FIRST = 'azure-frames:https://archive.example/instances/1.1/frames/1';
const SECOND = 'azure-frames:https://archive.example/instances/1.2/frames/1';

/** A viewer with one viewport, as far as the messages see of it. */
function scene(
  displaySets: PageDisplaySet[] = [{ displaySetInstanceUID: 'a' }],
  inViewport = ['a']
) {
  document.body.innerHTML = '<div data-cy="viewport-pane"><div id="element"></div></div>';
  const element = document.querySelector<HTMLElement>('#element') ?? document.body;
  const stack = { wanted: FIRST, shown: undefined as string | undefined };
  const viewport: PageViewport = {
    element,
    getCurrentImageId: () => stack.wanted,
    getCornerstoneImage: () => (stack.shown ? { imageId: stack.shown } : undefined),
    getImageIds: () => [FIRST, SECOND],
  };
  const callbacks: ((setup: { activeViewportId?: string }) => (uid: string) => unknown)[] = [];
  const services: PageServices = {
    viewportGridService: {
      getState: () => ({ viewports: new Map([['one', { displaySetInstanceUIDs: inViewport }]]) }),
    },
    displaySetService: {
      getActiveDisplaySets: () => displaySets,
      getDisplaySetByUID: uid => displaySets.find(each => each.displaySetInstanceUID === uid),
    },
    customizationService: {
      getCustomization: () => ({ callbacks: [] }),
      setCustomizations(changes) {
        const [change] = Object.values(changes) as { $set: { callbacks: typeof callbacks } }[];
        callbacks.splice(0, callbacks.length, ...(change?.$set.callbacks ?? []));
      },
    },
  };
  const eventTarget = new EventTarget();
  const problems = new ReadingProblems();
  const end = watchViewports(
    {
      eventTarget,
      getRenderingEngines: () => [{ getViewports: () => [viewport] }],
      metaData: { get: () => undefined },
    },
    services,
    problems
  );
  const tell = (type: string, detail: unknown) =>
    eventTarget.dispatchEvent(new CustomEvent(type, { detail }));
  return {
    stack,
    problems,
    end,
    fails: (imageId: string, error: unknown = new Error('broken')) =>
      tell('CORNERSTONE_IMAGE_LOAD_FAILED', { imageId, error }),
    loads: (imageId: string) => tell('CORNERSTONE_IMAGE_LOADED', { image: { imageId } }),
    doubleClick: (uid: string) => callbacks.forEach(each => each({ activeViewportId: 'one' })(uid)),
    /** What the viewport says, once the turn is over. */
    async message() {
      await new Promise(resolve => setTimeout(resolve, 1));
      return document.querySelector<HTMLElement>('[data-cy="azure-viewport-message"]');
    },
  };
}

it('says why an image is not there, to screen readers too, and goes when the image comes', async () => {
  const { fails, loads, stack, message } = scene();
  expect(await message()).toBeNull();
  fails(FIRST, new RetrieveError('ERR_RETRIEVE_FORBIDDEN', 'GET'));
  expect(await message()).toMatchObject({ role: 'status' });
  expect((await message())?.dataset.cause).toBe('forbidden');
  expect((await message())?.textContent).toContain('This image cannot be shown.');

  loads(FIRST);
  stack.shown = FIRST;
  expect(await message()).toBeNull();
});

it('covers nothing: while another image of the series is in sight it is a band', async () => {
  const { fails, stack, message } = scene();
  stack.shown = FIRST;
  stack.wanted = SECOND;
  fails(SECOND);
  expect((await message())?.className).toContain('oa-band');
});

it('one message to a viewport, whatever fails', async () => {
  const { fails, message } = scene();
  fails(FIRST);
  fails(SECOND);
  fails(FIRST, new RetrieveError('ERR_RETRIEVE_NOT_FOUND', 'GET'));
  await message();
  const all = document.querySelectorAll<HTMLElement>('[data-cy="azure-viewport-message"]');
  expect([...all].map(({ dataset }) => dataset.cause)).toEqual(['not-found']);
});

it('an image that is not in the viewport is none of its business', async () => {
  const { fails, message } = scene();
  fails(SECOND);
  expect(await message()).toBeNull();
});

it.each([
  ['in the viewport', ['a']],
  ['alone in its study, with the viewport empty', []],
])('names an object that cannot be shown: %s', async (_where, inViewport) => {
  const plan = { SOPClassUID: '1.2.840.10008.5.1.4.1.1.481.5', unsupported: true };
  const { message } = scene([{ displaySetInstanceUID: 'a', ...plan }], inViewport);
  expect((await message())?.textContent).toContain('(RT Plan)');
});

it('names an object that is opened by a double click, until another is', async () => {
  const images = { displaySetInstanceUID: 'a' };
  const stl = { displaySetInstanceUID: 'b', Modality: 'M3D', unsupported: true };
  const { doubleClick, message } = scene([images, stl]);
  doubleClick('b');
  expect((await message())?.textContent).toContain('(M3D)');
  expect((await message())?.className).toContain('oa-band');
  doubleClick('a');
  expect(await message()).toBeNull();
});

it('speaks of a document as a document', async () => {
  const pdf = {
    displaySetInstanceUID: 'a',
    SOPInstanceUID: '1.5',
    SOPClassHandlerId: '@ohif/extension-dicom-pdf.sopClassHandlerModule.dicom-pdf',
  };
  const { problems, message } = scene([pdf]);
  problems.instanceFailed('1.5', new RetrieveError('ERR_RETRIEVE_UNREACHABLE', 'GET'));
  expect((await message())?.textContent).toMatch(/^This document cannot be shown\..*network/);
  problems.instanceLoaded('1.5');
  expect(await message()).toBeNull();
});

it('takes its messages along when the study is left', async () => {
  const { fails, message, end } = scene();
  fails(FIRST);
  expect(await message()).not.toBeNull();
  end();
  expect(await message()).toBeNull();
  fails(FIRST);
  expect(await message()).toBeNull();
});
