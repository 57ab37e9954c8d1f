import { badRequest } from '../http/service-error.ts';
import { isDate } from '../validation/minimum-rules.ts';

/** Dates from `from` to `to`, both inclusive, as `yyyyMMdd`; an absent end is open. */
export interface DateCondition {
  from?: string;
  to?: string;
}

/**
 * Reads a date or a range of dates: `a`, `a-b`, `a-`, `-b`. [reference 2.3]
 *
 * @param keyword - names the attribute in messages.
 * @throws {ServiceError} 400
 */
export function parseDateCondition(value: string, keyword: string): DateCondition {
  const parts = value.split('-');
  if (parts.length !== 2) {
    const date = checked(value, keyword);
    return { from: date, to: date };
  }
  const [first = '', second = ''] = parts.map(part => part.trim());
  if (first === '' && second === '') {
    throw badRequest(
      'Invalid query: specified range is invalid.\nBoth parts in the range cannot be empty.\nFor details on valid range queries, please refer to Search Matching section in Conformance Statement.'
    );
  }
  const from = first === '' ? undefined : checked(first, keyword);
  const to = second === '' ? undefined : checked(second, keyword);
  if (from !== undefined && to !== undefined && from > to) {
    throw badRequest(
      `Invalid query: specified date range '${value}' is invalid.\nThe first part date ${from} should be lesser than or equal to the second part date ${to}.`
    );
  }
  return { from, to };
}

function checked(value: string, keyword: string): string {
  if (isDate(value)) return value;
  throw badRequest(
    `Invalid query: specified Date value '${value}' is invalid for attribute '${keyword}'. Date should be valid and formatted as yyyyMMdd.`
  );
}
