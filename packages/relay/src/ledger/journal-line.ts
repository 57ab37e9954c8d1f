import { crc32 } from 'node:zlib';

/** A line is a CRC-32 in eight hexadecimal digits, a space, a JSON array, a line feed. */
const CHECKSUM_LENGTH = 8;

const checksum = (json: string): string => crc32(json).toString(16).padStart(CHECKSUM_LENGTH, '0');

/** One line of the journal: operations that hold together, or not at all. */
export function encodeLine(operations: readonly unknown[]): Buffer {
  const json = JSON.stringify(operations);
  return Buffer.from(`${checksum(json)} ${json}\n`);
}

/**
 * @param line - without its line feed.
 * @returns undefined when it is torn or damaged.
 */
export function decodeLine(line: string): unknown[] | undefined {
  const json = line.slice(CHECKSUM_LENGTH + 1);
  if (line[CHECKSUM_LENGTH] !== ' ' || checksum(json) !== line.slice(0, CHECKSUM_LENGTH)) {
    return undefined;
  }
  try {
    const operations: unknown = JSON.parse(json);
    return Array.isArray(operations) ? operations : undefined;
  } catch {
    return undefined;
  }
}
