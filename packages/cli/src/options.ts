import { InvalidArgumentError } from 'commander';

/** Parser of a whole number within bounds, for commander. */
export const integer =
  (min: number, max: number) =>
  (value: string): number => {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < min || number > max) {
      throw new InvalidArgumentError(`Expected a whole number from ${min} to ${max}.`);
    }
    return number;
  };

/** TCP port; 0 takes any free one. */
export const port = integer(0, 65_535);

/** A UID as it may stand in a path: leading zeros are found in old archives. @see PS3.5 9.1 */
export function uid(value: string): string {
  if (!/^[0-9.]{0,63}[0-9]$/.test(value)) {
    throw new InvalidArgumentError('Expected a UID: digits and dots, at most 64 (PS3.5 9.1).');
  }
  return value;
}

/** The origin of a site: scheme, host and port. */
export function origin(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.search || url.hash) {
    throw new InvalidArgumentError(
      'Expected the address of a site, such as https://viewer.example.'
    );
  }
  return url.origin;
}
