import type { InstanceUIDs } from '../retrieve.ts';

/** One frame as the archive stores it: raw pixels, or one compressed bit stream. */
export interface StoredFrame {
  /** Alone in its buffer, so that handing it to a worker copies no neighbours. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** As the archive says; undefined when it does not. */
  readonly transferSyntaxUID: string | undefined;
}

/** Names one frame. */
export interface FrameResource extends InstanceUIDs {
  /** 1 is the first. */
  readonly frame: number;
}

/** A frame's name as one text, for maps. */
export function frameKey(sopInstanceUID: string, frame: number): string {
  return `${sopInstanceUID}/${frame}`;
}

/** A series' name as one text, for maps. */
export function seriesKey({
  studyInstanceUID,
  seriesInstanceUID,
}: Pick<InstanceUIDs, 'studyInstanceUID' | 'seriesInstanceUID'>): string {
  return `${studyInstanceUID}/${seriesInstanceUID}`;
}
