import {
  stringOf,
  type DicomJson,
  type DicomwebClient,
  type InstanceUIDs,
} from '@ohif-azure/dicomweb';
import { VideoNotPlayableError } from '../viewport/explainProblem.ts';
import type { ReadingProblems } from '../viewport/ReadingProblems.ts';
import { missingPalette, paletteOf, type Palette } from './paletteColor.ts';
import { readableReport } from './reportContent.ts';
import {
  AVAILABLE_TRANSFER_SYNTAX,
  mayBeVideo,
  readVideo,
  transferSyntaxOf,
} from './videoObject.ts';

/** What is used of the viewer's Cornerstone. */
export interface CornerstoneMetadata {
  metaData: {
    get(type: string, imageId: string): unknown;
    addProvider(provider: (type: string, imageId: string) => unknown, priority: number): void;
  };
  getRenderingEngines(): { getViewports(): VideoViewport[] }[] | undefined;
}

interface VideoViewport {
  videoElement?: HTMLVideoElement;
  imageId?: string;
}

/** Reads the metadata of a series' instances. */
export type ReadInstances = (
  studyInstanceUID: string,
  seriesInstanceUID: string
) => Promise<DicomJson[]>;

/** Above the viewer's own providers: the first that answers wins. */
const PRIORITY = 30_000;
const IMAGE_PIXEL_MODULE = 'imagePixelModule';
const IMAGE_URL_MODULE = 'imageUrlModule';
/** Stands in the video element until the video is there: it has nothing to play. */
const NO_VIDEO_YET = 'data:video/mp4,';

/**
 * What the service leaves out of its metadata and the viewer asks for as metadata: the colours of PALETTE COLOR images,
 * and the address of a video. Both are read out of the instance, when they are first asked for.
 */
export class BulkObjects {
  readonly #problems: ReadingProblems;
  readonly #cornerstone: CornerstoneMetadata;
  readonly #palettes = new Map<
    string,
    { read: () => Promise<Palette>; palette?: Promise<Palette> }
  >();
  readonly #videos = new Map<
    string,
    { read: () => Promise<void>; url?: string; isRead?: boolean }
  >();
  #isAsking = false;

  constructor(cornerstone: CornerstoneMetadata, problems: ReadingProblems) {
    this.#cornerstone = cornerstone;
    this.#problems = problems;
    cornerstone.metaData.addProvider((type, imageId) => this.#provide(type, imageId), PRIORITY);
  }

  /** Reads metadata like `read`, says of videos that they are, and knows from then on where bulk data are missing. */
  watching(client: DicomwebClient, read: ReadInstances): ReadInstances {
    return async (...uids) => {
      const instances = await read(...uids);
      return Promise.all(instances.map(instance => this.#expect(client, readableReport(instance))));
    };
  }

  /** Frees the videos; for when a study is left. */
  clear(): void {
    for (const { url } of this.#videos.values()) if (url) URL.revokeObjectURL(url);
    this.#videos.clear();
    this.#palettes.clear();
  }

  async #expect(client: DicomwebClient, instance: DicomJson): Promise<DicomJson> {
    const uids = uidsOf(instance);
    if (!uids) return instance;
    const { sopInstanceUID } = uids;
    const descriptors = missingPalette(instance);
    if (descriptors && !this.#palettes.has(sopInstanceUID)) {
      this.#palettes.set(sopInstanceUID, {
        read: async () => {
          const palette = await paletteOf(await client.retrieveInstance(uids), descriptors);
          if (!palette) throw new Error('The instance has no complete palette data.');
          return palette;
        },
      });
    }
    if (!mayBeVideo(instance)) return instance;
    if (!this.#videos.has(sopInstanceUID)) {
      this.#videos.set(sopInstanceUID, { read: () => this.#readVideo(client, uids) });
    }
    if (instance[AVAILABLE_TRANSFER_SYNTAX]) return instance;
    // Without it the viewer takes the video for images: its message will say so.
    const syntax = await transferSyntaxOf(client, uids).catch(() => undefined);
    if (!syntax) return instance;
    return { ...instance, [AVAILABLE_TRANSFER_SYNTAX]: { vr: 'UI', Value: [syntax] } };
  }

  #provide(type: string, imageId: string): unknown {
    if (this.#isAsking || typeof imageId !== 'string') return undefined;
    if (type === IMAGE_PIXEL_MODULE && this.#palettes.size > 0) return this.#pixels(imageId);
    if (type === IMAGE_URL_MODULE && this.#videos.size > 0) return this.#url(imageId);
    return undefined;
  }

  #pixels(imageId: string): unknown {
    const known = this.#palettes.get(sopInstanceUIDOf(imageId));
    if (!known) return undefined;
    this.#isAsking = true;
    let module: unknown;
    try {
      module = this.#cornerstone.metaData.get(IMAGE_PIXEL_MODULE, imageId);
    } finally {
      this.#isAsking = false;
    }
    if (!module) return undefined;
    known.palette ??= known.read().catch(error => {
      // Asked again, it is read again.
      delete known.palette;
      throw error;
    });
    const { palette } = known;
    const colour = (name: keyof Palette) => {
      const table = palette.then(each => each[name]);
      // Whoever decodes the image waits for it, and fails with it; others only look at the module.
      table.catch(() => undefined);
      return table;
    };
    return {
      ...module,
      redPaletteColorLookupTableData: colour('red'),
      greenPaletteColorLookupTableData: colour('green'),
      bluePaletteColorLookupTableData: colour('blue'),
    };
  }

  #url(imageId: string): unknown {
    const sopInstanceUID = sopInstanceUIDOf(imageId);
    const video = this.#videos.get(sopInstanceUID);
    if (!video) return undefined;
    if (!video.isRead) {
      video.isRead = true;
      this.#problems.instanceLoaded(sopInstanceUID);
      void video.read().catch(error => {
        video.isRead = false;
        this.#problems.instanceFailed(sopInstanceUID, error);
      });
    }
    return { rendered: video.url ?? NO_VIDEO_YET };
  }

  /** The viewer waits for its video element to know the video, however long that takes. */
  async #readVideo(client: DicomwebClient, uids: InstanceUIDs): Promise<void> {
    const { sopInstanceUID } = uids;
    const { video, transferSyntaxUID } = await readVideo(client, uids);
    const known = this.#videos.get(sopInstanceUID);
    // The study was left meanwhile.
    if (!known) return;
    const url = URL.createObjectURL(video);
    known.url = url;
    for (const element of this.#elementsOf(sopInstanceUID)) {
      element.addEventListener(
        'error',
        () =>
          this.#problems.instanceFailed(
            sopInstanceUID,
            new VideoNotPlayableError(transferSyntaxUID)
          ),
        { once: true }
      );
      element.src = url;
    }
  }

  #elementsOf(sopInstanceUID: string): HTMLVideoElement[] {
    return (this.#cornerstone.getRenderingEngines() ?? [])
      .flatMap(engine => engine.getViewports())
      .filter(({ imageId }) => imageId && sopInstanceUIDOf(imageId) === sopInstanceUID)
      .flatMap(({ videoElement }) => videoElement ?? []);
  }
}

function uidsOf(instance: DicomJson): InstanceUIDs | undefined {
  const studyInstanceUID = stringOf(instance, 'StudyInstanceUID');
  const seriesInstanceUID = stringOf(instance, 'SeriesInstanceUID');
  const sopInstanceUID = stringOf(instance, '00080018');
  return studyInstanceUID && seriesInstanceUID && sopInstanceUID
    ? { studyInstanceUID, seriesInstanceUID, sopInstanceUID }
    : undefined;
}

/** Image ids of DICOMweb, in whatever scheme, are addresses of frames. */
function sopInstanceUIDOf(imageId: string): string {
  return /\/instances\/([\d.]+)/.exec(imageId)?.[1] ?? '';
}
