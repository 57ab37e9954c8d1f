import {
  explainProblem,
  explainUnsupported,
  type Explanation,
  type Subject,
} from './explainProblem.ts';
import type { ReadingProblems } from './ReadingProblems.ts';
import { watchDoubleClicks, type AskedInVain } from './askedInVain.ts';
import type { PageDisplaySet, PageServices, PageViewport, ViewportsOfPage } from './page.ts';
import { isBlank, isUnfit, UnfitImageError, type DecodedImage } from './unfitImage.ts';
import { text } from '../texts/index.ts';
import { isVideoSyntax } from './transferSyntaxNames.ts';
import { watchLostDecodes } from './lostDecodes.ts';
import { objectName } from './sopClassNames.ts';
import { showMessage } from './viewportMessage.ts';

const LOAD_FAILED = 'CORNERSTONE_IMAGE_LOAD_FAILED';
const LOADED = 'CORNERSTONE_IMAGE_LOADED';
/** Sent to a viewport's element; they do not bubble. */
const OF_ELEMENTS = [
  'CORNERSTONE_IMAGE_RENDERED',
  'CORNERSTONE_STACK_NEW_IMAGE',
  'CORNERSTONE_PRE_STACK_NEW_IMAGE',
];

/**
 * Says in each viewport why it shows nothing, or not what it should: from the viewer's events, whoever loads the images.
 *
 * @returns a function that ends it, and takes the messages away
 */
export function watchViewports(
  cornerstone: ViewportsOfPage,
  services: PageServices,
  problems: ReadingProblems
): () => void {
  let isDue = false;
  let asked: AskedInVain | undefined;
  const refresh = () => {
    if (isDue) return;
    isDue = true;
    // Once for all that happens in a turn, and after the viewer has set its state.
    setTimeout(() => {
      isDue = false;
      showAll(cornerstone, services, problems, asked);
    });
  };
  const failed = (event: Event) => {
    const { imageId, error } = (event as CustomEvent<{ imageId?: string; error?: unknown }>).detail;
    if (imageId) problems.imageFailed(imageId, error);
  };
  const loaded = (event: Event) => {
    const { image } = (event as CustomEvent<{ image?: DecodedImage }>).detail;
    if (!image?.imageId) return;
    if (isUnfit(image)) problems.imageFailed(image.imageId, new UnfitImageError());
    else problems.imageLoaded(image.imageId);
  };
  const { eventTarget } = cornerstone;
  eventTarget.addEventListener(LOAD_FAILED, failed);
  eventTarget.addEventListener(LOADED, loaded);
  OF_ELEMENTS.forEach(type => document.addEventListener(type, refresh, true));
  const ends = [
    problems.subscribe(refresh),
    ...[services.viewportGridService, services.displaySetService].flatMap(service =>
      Object.values(service.EVENTS ?? {}).map(event => {
        const { unsubscribe } = service.subscribe?.(event, refresh) ?? {};
        return () => unsubscribe?.();
      })
    ),
  ];
  watchDoubleClicks(services.customizationService, services, now => {
    asked = now;
    refresh();
  });
  const endLost = watchLostDecodes(
    () => viewportsOf(cornerstone).flatMap(viewport => waitingFor(viewport) ?? []),
    (imageId, error) => problems.imageFailed(imageId, error)
  );
  refresh();
  return () => {
    endLost();
    eventTarget.removeEventListener(LOAD_FAILED, failed);
    eventTarget.removeEventListener(LOADED, loaded);
    OF_ELEMENTS.forEach(type => document.removeEventListener(type, refresh, true));
    ends.forEach(end => end());
    panes().forEach(pane => showMessage(pane, undefined, false));
  };
}

/** In the order of the viewport grid's state (OHIF 3.13, `ViewerViewportGrid`). */
function panes(): Element[] {
  return [...document.querySelectorAll('[data-cy="viewport-pane"]')];
}

function showAll(
  cornerstone: ViewportsOfPage,
  services: PageServices,
  problems: ReadingProblems,
  asked: AskedInVain | undefined
): void {
  const viewports = viewportsOf(cornerstone);
  const grid = [...services.viewportGridService.getState().viewports];
  panes().forEach((pane, at) => {
    const [viewportId, { displaySetInstanceUIDs } = {}] = grid[at] ?? [];
    const displaySets = (displaySetInstanceUIDs ?? []).flatMap(
      uid => services.displaySetService.getDisplaySetByUID?.(uid) ?? []
    );
    const viewport = viewports.find(({ element }) => pane.contains(element));
    const isAsked =
      asked?.viewportId === viewportId && asked?.shown === String(displaySetInstanceUIDs);
    const found =
      (isAsked ? ofAsked(asked) : undefined) ??
      ofObjects(displaySets, services, problems) ??
      (viewport && ofImages(viewport, problems, cornerstone.metaData));
    showMessage(pane, found?.explanation, found?.isBand ?? false);
  });
}

function viewportsOf(cornerstone: ViewportsOfPage): PageViewport[] {
  return (cornerstone.getRenderingEngines() ?? []).flatMap(engine => engine.getViewports());
}

/** The image that a stack is to show, and does not show yet. */
function waitingFor(viewport: PageViewport): string | undefined {
  const wanted = viewport.getCurrentImageId?.();
  if (!viewport.getCornerstoneImage) return undefined;
  return viewport.getCornerstoneImage()?.imageId === wanted ? undefined : wanted;
}

interface Found {
  explanation: Explanation;
  isBand: boolean;
}

function ofAsked(asked: AskedInVain | undefined): Found | undefined {
  return asked && { explanation: explainUnsupported([nameOf(asked.displaySet)]), isBand: true };
}

function ofObjects(
  displaySets: readonly PageDisplaySet[],
  { displaySetService }: PageServices,
  problems: ReadingProblems
): Found | undefined {
  const all = displaySetService.getActiveDisplaySets();
  // A study of nothing but such objects leaves its viewport empty.
  const shown = displaySets.length > 0 ? displaySets : all;
  const unsupported = shown.filter(({ unsupported }) => unsupported);
  if (unsupported.length > 0 && unsupported.length === shown.length) {
    return { explanation: explainUnsupported(unsupported.map(nameOf)), isBand: false };
  }
  for (const displaySet of displaySets) {
    const uid = displaySet.SOPInstanceUID ?? displaySet.instances?.[0]?.SOPInstanceUID;
    const problem = uid === undefined ? undefined : problems.ofInstance(uid);
    if (problem) {
      return {
        explanation: explainProblem(problem.error, subjectOf(displaySet)),
        isBand: false,
      };
    }
  }
  return undefined;
}

function ofImages(
  viewport: PageViewport,
  problems: ReadingProblems,
  metaData: ViewportsOfPage['metaData']
): Found | undefined {
  const wanted = viewport.getCurrentImageId?.();
  if (viewport.getCornerstoneImage) {
    const image = viewport.getCornerstoneImage();
    const shown = image?.imageId;
    const problem = wanted === undefined ? undefined : problems.ofImage(wanted);
    if (wanted === undefined) return undefined;
    const isThere = shown === wanted && !(problem?.error instanceof UnfitImageError);
    if (isThere) return isBlank(image ?? {}) ? said('blank') : ofColours(wanted, metaData);
    if (!problem) return undefined;
    // Another image of the same stack stays in sight; one of the series before is no longer there.
    const isBand =
      shown !== undefined && shown !== wanted && (viewport.getImageIds?.() ?? []).includes(shown);
    return {
      explanation: explainProblem(videoOr(problem.error, wanted, metaData), 'image'),
      isBand,
    };
  }
  // A volume: what came is shown.
  const imageIds = viewport.getImageIds?.() ?? [];
  const count = problems.countOf(imageIds);
  const first = count > 0 ? imageIds.map(id => problems.ofImage(id)).find(Boolean) : undefined;
  if (!first) return undefined;
  return {
    explanation: explainProblem(first.error, count === imageIds.length ? 'image' : 'images'),
    isBand: count < imageIds.length,
  };
}

/** Frames of a video are no images; what the archive or a decoder says of one does not help. */
function videoOr(error: unknown, imageId: string, metaData: ViewportsOfPage['metaData']): unknown {
  const instance = metaData.get('instance', imageId) as
    { AvailableTransferSyntaxUID?: unknown } | undefined;
  const uid = instance?.AvailableTransferSyntaxUID;
  return typeof uid === 'string' && isVideoSyntax(uid)
    ? new Error(`no decoder for transfer syntax ${uid}`, { cause: error })
    : error;
}

/** A band below an image that is there. */
function said(cause: 'blank' | 'deep-colour'): Found {
  return {
    explanation: { cause, title: text(`reading.${cause}.title`), body: text(`reading.${cause}`) },
    isBand: true,
  };
}

/** The stock viewer cuts the colours of images with more than 8 bits a colour off (Cornerstone3D 5.6): what it shows is not the image. */
function ofColours(imageId: string, metaData: ViewportsOfPage['metaData']): Found | undefined {
  const pixels = metaData.get('imagePixelModule', imageId) as
    { samplesPerPixel?: number; bitsAllocated?: number } | undefined;
  if (pixels?.samplesPerPixel !== 3 || (pixels.bitsAllocated ?? 8) <= 8) return undefined;
  return said('deep-colour');
}

function subjectOf({ SOPClassHandlerId = '' }: PageDisplaySet): Subject {
  if (SOPClassHandlerId.includes('pdf')) return 'document';
  return SOPClassHandlerId.includes('video') ? 'video' : 'object';
}

function nameOf({ SOPClassUID, Modality, instances }: PageDisplaySet): string {
  return objectName(SOPClassUID ?? instances?.[0]?.SOPClassUID, Modality);
}
