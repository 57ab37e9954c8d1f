import { numberOf, stringOf, type DicomJson, type SeriesOutline } from '@ohif-azure/dicomweb';

/** What the metadata of a series' instances tell about its frames; undefined when it has none. */
export function seriesOutline(instances: readonly DicomJson[]): SeriesOutline | undefined {
  const [first] = instances;
  const studyInstanceUID = first && stringOf(first, 'StudyInstanceUID');
  const seriesInstanceUID = first && stringOf(first, 'SeriesInstanceUID');
  if (!studyInstanceUID || !seriesInstanceUID) return undefined;
  let frames = 0;
  let frameBytes = 0;
  for (const instance of instances) {
    const bytes = bytesOfFrame(instance);
    if (bytes > 0) frames += numberOf(instance, 'NumberOfFrames') ?? 1;
    frameBytes = Math.max(frameBytes, bytes);
  }
  if (frames === 0) return undefined;
  return { studyInstanceUID, seriesInstanceUID, instances: instances.length, frames, frameBytes };
}

/** One frame without compression. @see PS3.5 8.1.1 */
function bytesOfFrame(instance: DicomJson): number {
  const value = (keyword: 'Rows' | 'Columns' | 'BitsAllocated') => numberOf(instance, keyword) ?? 0;
  const samples = numberOf(instance, 'SamplesPerPixel') ?? 1;
  return (value('Rows') * value('Columns') * value('BitsAllocated') * samples) / 8;
}
