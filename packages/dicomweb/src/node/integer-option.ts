/** @throws TypeError when a number is no integer in its bounds. */
export function integerOption(name: string, value: number, least: number, most: number): number {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new TypeError(`${name}: expected an integer from ${least} to ${most}`);
  }
  return value;
}
