import { badRequest } from '../http/service-error.ts';
import { isDate } from '../validation/minimum-rules.ts';
import { dateTimeRule } from '../validation/date-time-rule.ts';
import { VALUE_RULES } from '../validation/value-rules.ts';

/** Values from `from` to `to`, both inclusive, as {@link comparable} writes them; an absent end is open. */
export interface RangeCondition {
  from?: string;
  to?: string;
}

/** VRs which are searched for by value or range. */
export type RangeVr = 'DA' | 'DT' | 'TM';

const LOWEST = '00000101000000000000';

/** What the messages for a VR say. [reference 2.6; source DicomCoreResource] */
const WORDS: Readonly<Record<RangeVr, string>> = { DA: 'date', DT: 'DateTime', TM: 'time' };

/**
 * Reads a value or a range of values: `a`, `a-b`, `a-`, `-b`. [reference 2.3]
 *
 * @param keyword - names the attribute in messages.
 * @throws {ServiceError} 400
 */
export function parseRange(vr: RangeVr, value: string, keyword: string): RangeCondition {
  const parts = value.split('-');
  if (parts.length !== 2) {
    const one = checked(vr, value, keyword);
    return { from: one, to: one };
  }
  const [first = '', second = ''] = parts.map(part => part.trim());
  if (first === '' && second === '') {
    throw badRequest(
      'Invalid query: specified range is invalid.\nBoth parts in the range cannot be empty.\nFor details on valid range queries, please refer to Search Matching section in Conformance Statement (https://github.com/microsoft/dicom-server/blob/main/docs/resources/conformance-statement.md#search-matching).'
    );
  }
  const from = first === '' ? undefined : checked(vr, first, keyword);
  const to = second === '' ? undefined : checked(vr, second, keyword);
  if (from !== undefined && to !== undefined && from > to) {
    throw badRequest(
      `Invalid query: specified date range '${value}' is invalid.\nThe first part ${WORDS[vr]} ${first} should be lesser than or equal to the second part ${WORDS[vr]} ${second}.`
    );
  }
  return { from, to };
}

/** Whether a stored value lies in a range. */
export function inRange(vr: RangeVr, value: string, { from, to }: RangeCondition): boolean {
  const text = comparable(vr, value);
  return text >= (from ?? '') && text <= (to ?? '~');
}

/** A value in a form whose order is that of time: all digits of the VR, without an offset. */
function comparable(vr: RangeVr, value: string): string {
  if (vr === 'DA') return value;
  const digits = value.replace(/[+-]\d{4}$/, '').replace('.', '');
  return vr === 'TM' ? digits.padEnd(12, '0') : digits + LOWEST.slice(digits.length);
}

function checked(vr: RangeVr, value: string, keyword: string): string {
  if (vr === 'DA') {
    if (isDate(value)) return value;
    throw badRequest(
      `Invalid query: specified Date value '${value}' is invalid for attribute '${keyword}'. Date should be valid and formatted as yyyyMMdd.`
    );
  }
  if (vr === 'TM') {
    if (!VALUE_RULES.TM?.(value)) return comparable(vr, value);
    throw badRequest(
      `Invalid query: specified Time value '${value}' is invalid for parameter '${keyword}'. Time should be valid and formatted as HHmmss.FFFFFF where HH is mandatory.`
    );
  }
  return checkedDateTime(value, keyword);
}

function checkedDateTime(value: string, keyword: string): string {
  const sent = encodeURIComponent(value).replaceAll('%20', '+');
  // A plus sign in a query string is a blank; the service turns it back.
  if (/^\d{4,14}(\.\d{1,6})?[ +]\d{4}$/.test(value)) {
    throw badRequest(
      `Invalid query: specified DateTime value '${sent}' for attribute ${keyword} contains offset which is not supported.`
    );
  }
  if (/^\d/.test(value) && !/[+-]/.test(value) && !dateTimeRule(value)) {
    return comparable('DT', value);
  }
  throw badRequest(
    `Invalid query: specified DateTime value '${sent}' is invalid for attribute '${keyword}'. DateTime should be valid and formatted as yyyyMMddHHmmss.FFFFFF where yyyy is mandatory.`
  );
}
