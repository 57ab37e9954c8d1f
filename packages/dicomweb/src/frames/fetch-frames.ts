import { sleep } from '@ohif-azure/core';
import type { DicomwebClient } from '../client.ts';
import { RetrieveError } from '../errors.ts';
import { healingWaitMs, type HealingPolicy } from '../heal.ts';
import type { Pace } from '../pace.ts';
import { retrieveFrames } from '../retrieve-stream.ts';
import type { InstanceUIDs } from '../retrieve.ts';
import type { StoredFrame } from './stored-frame.ts';

/** How long a frame that fails is asked for again, and the pace of reading. */
export interface Healing extends HealingPolicy {
  readonly pace: Pace;
  /** There is another way: this failure is told at once. Default: none is. */
  readonly isGivenUp?: (error: unknown) => boolean;
}

/** Who gets the frames. */
export interface FrameReceiver {
  /** Told of each frame once. */
  onFrame(frame: number, stored: StoredFrame): void;
  /** A frame that came by another way meanwhile is not asked for again. */
  isNeeded(frame: number): boolean;
}

/** A body in one buffer of its own. */
export async function collect(
  content: AsyncIterable<Uint8Array>,
  pace: Pace
): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of content) {
    pieces.push(piece);
    length += piece.length;
    const rest = pace.rest();
    if (rest) await rest;
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/**
 * Retrieves frames of one instance, each told as it comes. What heals by itself is asked for again, by the server's Retry-After or with
 * back-off, for `healMs`; frames that came are not asked for twice. An answer for several frames that is not what was asked for is told at once:
 * one by one they may be had.
 * @param client - does not repeat throttled requests itself: those waits would not count.
 * @throws {RetrieveError} when a frame cannot be had; the signal's reason; what the authorization source throws.
 */
export async function fetchFrames(
  client: DicomwebClient,
  uids: InstanceUIDs,
  frames: readonly number[],
  { onFrame, isNeeded }: FrameReceiver,
  healing: Healing,
  signal: AbortSignal
): Promise<void> {
  const { clock, pace } = healing;
  let missing = [...frames];
  let firstFailureMs: number | undefined;
  for (let repetition = 0; missing.length > 0; repetition += 1) {
    try {
      for await (const { content, transferSyntaxUID } of retrieveFrames(client, uids, missing, {
        signal,
      })) {
        const bytes = await collect(content, pace);
        signal.throwIfAborted();
        const frame = missing[0];
        if (frame === undefined) break;
        if (bytes.length === 0) throw incomplete();
        missing = missing.slice(1);
        onFrame(frame, { bytes, transferSyntaxUID });
      }
      if (missing.length > 0) throw incomplete();
    } catch (error) {
      signal.throwIfAborted();
      firstFailureMs ??= clock.now();
      if (healing.isGivenUp?.(error)) throw error;
      const waitMs = healingWaitMs(healing, error, repetition, firstFailureMs);
      if (waitMs === undefined || isWrongForSeveral(error, missing)) throw error;
      await sleep(clock, waitMs, signal);
      missing = missing.filter(isNeeded);
    }
  }
}

const isWrongForSeveral = (error: unknown, missing: readonly number[]): boolean =>
  missing.length > 1 && error instanceof RetrieveError && error.code === 'ERR_RETRIEVE_UNREADABLE';

function incomplete(): RetrieveError {
  return new RetrieveError(
    'ERR_RETRIEVE_UNREADABLE',
    'WADO-RS GET frames: 200 OK, fewer frames than asked for',
    { httpStatus: 200 }
  );
}
