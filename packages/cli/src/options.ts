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
