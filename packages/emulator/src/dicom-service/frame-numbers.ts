import { badRequest } from '../http/service-error.ts';

/** The service's text for a frame list with 0 or less. [reference 3.3] */
const INVALID_FRAMES =
  'The specified frames value is not valid. At least one frame must be present, and all requested frames must have value greater than 0.';
const MAX_INT32 = 2 ** 31 - 1;

/**
 * The integers of a frame list: routing reads them, before anything else is looked at.
 *
 * @throws {ServiceError} 400 for what is no 32-bit integer. [reference 3.3]
 */
export function parseFrameList(list: string): number[] {
  return list.split(',').map(text => {
    const number = int32(text);
    if (number !== undefined) return number;
    throw badRequest(
      `The query parameter 'frames' is invalid. Unable to parse value '${text}' as Int32.`
    );
  });
}

/** The integer of a parameter which takes one. @throws {ServiceError} 400 */
export function parseInteger(name: string, text: string): number {
  const number = int32(text);
  if (number !== undefined) return number;
  throw badRequest(`The query parameter '${name}' is invalid. The value '${text}' is not valid.`);
}

/** @throws {ServiceError} 400 unless all frames are 1 or more. */
export function checkFrames(numbers: readonly number[]): void {
  if (numbers.some(number => number <= 0)) throw badRequest(INVALID_FRAMES);
}

function int32(text: string): number | undefined {
  const number = Number(text.trim());
  return /^\s*[+-]?\d+\s*$/.test(text) && Math.abs(number) <= MAX_INT32 ? number : undefined;
}
