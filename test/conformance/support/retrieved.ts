import type {
  BuilderElements,
  BuilderOptions,
} from '../../../packages/emulator/src/testing/part10-builder.ts';
import { readPart10Header } from '../../../packages/emulator/src/part10/part10-reader.ts';
import type { Answer } from './http.ts';

/** A part of a multipart answer. */
export interface RetrievedPart {
  /** The lines of its header. */
  header: string;
  content: Buffer;
}

/** The parts of a multipart answer. */
export function partsOf(answer: Answer): RetrievedPart[] {
  const type = answer.headers['content-type'] ?? '';
  const [, boundary = ''] = /boundary="?([^";]+)/.exec(type) ?? [];
  const text = answer.body.toString('latin1');
  return text
    .split(`--${boundary}`)
    .slice(1, -1)
    .map(part => {
      const end = part.indexOf('\r\n\r\n');
      const content = Buffer.from(part.slice(end + 4, -2), 'latin1');
      return { header: part.slice(2, end), content };
    });
}

/** The pixel data of a file with uncompressed frames. */
export function framesOf(file: Buffer): Buffer {
  const { pixelData } = readPart10Header(file, true);
  const { offset = 0, length = 0 } = pixelData ?? {};
  return file.subarray(offset, offset + length);
}

/** Frame `number` of {@link THREE_FRAMES}, from 1. */
export const frameOf = (number: number) => Buffer.alloc(8, number);

/** Three frames of four pixels of 16 bits. */
export const THREE_FRAMES: BuilderElements = {
  '00280008': ['IS', '3'],
  '00280010': ['US', [2]],
  '00280011': ['US', [2]],
  '7FE00010': ['OW', Buffer.concat([1, 2, 3].map(frameOf))],
};

/** Encapsulated pixel data: an empty Basic Offset Table, then the fragments. */
export const encapsulated = (
  transferSyntax: string,
  fragments: readonly Buffer[]
): BuilderOptions => ({ transferSyntax, fragments: [Buffer.alloc(0), ...fragments] });
