const PATTERN = /^(?:\d{4}|\d{6}|\d{8}|\d{10}|\d{12}|\d{14}(?:\.\d{1,6})?)$/;
const MAX_OFFSET_HOURS_EAST = 14;
const MAX_OFFSET_HOURS_WEST = 12;

/**
 * The rule of DT, with the words which the service's library uses. A range passes, as it belongs
 * into searches.
 *
 * @see PS3.5 section 6.2
 */
export function dateTimeRule(value: string): string | undefined {
  if (value.includes('-0000')) {
    return 'negative UTC hours component with value -0000 is not allowed';
  }
  if (value.trim() === '-') return 'both dateTime components in range cannot be empty';
  const ends = endsOf(value.split('-'));
  if (typeof ends === 'string') return ends;
  for (const end of ends.map(one => one.replace(/ +$/, ''))) {
    const fault = end === '' ? undefined : endRule(end);
    if (fault) return fault;
  }
  return undefined;
}

const isOffset = (text: string | undefined) =>
  text !== undefined && /^\d{4}$/.test(text) && Number(text) <= 1200;

/** Puts offsets west of Greenwich back to their ends of the range; a text when that is not possible. */
function endsOf(parts: readonly string[]): string[] | string {
  const [a = '', b = '', c = '', d = ''] = parts;
  if (parts.length > 4) return "value contains too many range separators '-'";
  if (parts.length === 4) return [`${a}-${b}`, `${c}-${d}`];
  if (parts.length === 3) {
    if (isOffset(b)) return [`${a}-${b}`, c];
    return isOffset(c) ? [a, `${b}-${c}`] : 'value is in invalid range format';
  }
  return parts.length === 2 && isOffset(b) ? [`${a}-${b}`] : [...parts];
}

function endRule(text: string): string | undefined {
  const parts = text.split(/[+-]/);
  if (parts.length > 2) return "value contains too many UTC separators '+' or '-'";
  const [dateTime = '', offset] = parts;
  const fault = offset === undefined ? undefined : offsetRule(offset, text.includes('+'));
  if (fault) return fault;
  if (!PATTERN.test(dateTime)) {
    return 'value does not mach pattern YYYY[MM[DD[HH[MM[SS[.F{1-6}]]]]]]';
  }
  return componentRule(dateTime);
}

function offsetRule(offset: string, east: boolean): string | undefined {
  if (!/^\d{4}$/.test(offset)) return 'value does not match the UTC pattern &ZZXX';
  const hours = Number(offset.slice(0, 2));
  if (east && hours > MAX_OFFSET_HOURS_EAST) {
    return 'positive UTC hours component exceeds 14 (allowed range is -1200 to +1400)';
  }
  if (!east && hours > MAX_OFFSET_HOURS_WEST) {
    return 'negative UTC hours component exceeds 12 (allowed range is -1200 to +1400)';
  }
  return Number(offset.slice(2)) > 59 ? 'UTC minutes component exceeds 59' : undefined;
}

function componentRule(text: string): string | undefined {
  const at = (start: number) =>
    text.length >= start + 2 ? Number(text.slice(start, start + 2)) : undefined;
  const [month, day] = [at(4), at(6)];
  if ((at(12) ?? 0) > 60) return 'seconds component exceeds 60';
  if ((at(10) ?? 0) > 59) return 'minutes component exceeds 59';
  if ((at(8) ?? 0) > 23) return 'hours component exceeds 23';
  if ((day ?? 1) > 31) return 'day component exceeds 31';
  if (day === 0) return 'day component cannot be 0';
  if ((month ?? 1) > 12) return 'month component exceeds 12';
  return month === 0 ? 'month component cannot be 0' : undefined;
}
