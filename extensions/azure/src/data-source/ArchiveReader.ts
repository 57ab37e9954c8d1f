import { systemClock } from '@ohif-azure/core';
import {
  createFrameLoader,
  type DicomJson,
  type DicomwebClient,
  type FrameLoader,
  type FrameResource,
  numberOf,
  type SeriesOutline,
  stringOf,
} from '@ohif-azure/dicomweb';
import { cornerstoneOfPage } from '../frames/cornerstone.ts';
import { seriesOutline } from '../frames/seriesOutline.ts';
import { StudyMetadata } from './StudyMetadata.ts';
import type { Unread } from './unread.ts';

/** How one archive is read: its studies' metadata, and the frames of its images. */
export interface ArchiveReader {
  readonly client: DicomwebClient;
  readonly metadata: StudyMetadata;
  readonly frames: FrameLoader;
  /** Told of what cannot be read when it is opened; set by the data source. */
  onUnread: (unread: Unread) => void;
  /** Told of series of an open study that got more instances; set by the data source. */
  onAdded: (studyInstanceUID: string, seriesInstanceUIDs: string[]) => void;
  /** Told of an open study that is not any more as it is shown; set by the data source. */
  onChanged: (studyInstanceUID: string) => void;
}

/** Streams at most a quarter of the viewer's image cache: that much the viewer fills ahead of the reader. */
const SHARE_OF_CACHE = 1 / 4;

/**
 * A series up to this size, without compression, is begun before the viewer asks for it. A larger one would keep a small machine from
 * drawing its first image (measured: 400 slices of 0.5 MB, two cores, 0.2 s); of it that image alone is fetched ahead.
 */
const MAX_BEGUN_BYTES = 32 * 1024 * 1024;

/** @param client - its transport should stream. */
export function createArchiveReader(client: DicomwebClient): ArchiveReader {
  const maxCacheBytes = cornerstoneOfPage()?.cache.getMaxCacheSize();
  const frames = createFrameLoader({
    client,
    maxStreamBytes: maxCacheBytes === undefined ? undefined : maxCacheBytes * SHARE_OF_CACHE,
  });
  const metadata = new StudyMetadata({
    client,
    clock: systemClock,
    onUnread: unread => reader.onUnread(unread),
    onAdded: (...added) => reader.onAdded(...added),
    onChanged: uid => reader.onChanged(uid),
    onSeries: instances => {
      const outline = seriesOutline(instances);
      if (outline) frames.expect(outline);
    },
    onStudy: series => {
      const first = firstShown([...series.values()]);
      if (!first) return;
      const { outline, instances } = first;
      if (outline.frames * outline.frameBytes <= MAX_BEGUN_BYTES) frames.begin(outline);
      // Its first image alone. What fails is told to the viewport that asks for it again.
      else frames.load(firstImage(outline, instances), 'preview').catch(() => undefined);
    },
  });
  const reader: ArchiveReader = {
    client,
    metadata,
    frames,
    onUnread: () => undefined,
    onAdded: () => undefined,
    onChanged: () => undefined,
  };
  return reader;
}

/** The series that a viewer shows first: images, by series number. */
function firstShown(series: DicomJson[][]) {
  const numbered = series
    .map(instances => ({
      instances,
      outline: seriesOutline(instances),
      number: (instances[0] && numberOf(instances[0], 'SeriesNumber')) ?? Number.POSITIVE_INFINITY,
    }))
    .sort((a, b) => a.number - b.number);
  for (const { outline, instances: all } of numbered)
    if (outline) return { outline, instances: all };
  return undefined;
}

/** The image that a viewer shows first of a series: the lowest instance number. */
function firstImage(
  { studyInstanceUID, seriesInstanceUID }: SeriesOutline,
  instances: readonly DicomJson[]
): FrameResource {
  const numberOfInstance = (each: DicomJson) =>
    numberOf(each, 'InstanceNumber') ?? Number.POSITIVE_INFINITY;
  const first = instances.reduce((lowest, each) =>
    numberOfInstance(each) < numberOfInstance(lowest) ? each : lowest
  );
  const sopInstanceUID = stringOf(first, 'SOPInstanceUID') ?? '';
  return { studyInstanceUID, seriesInstanceUID, sopInstanceUID, frame: 1 };
}
