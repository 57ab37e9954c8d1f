/* eslint-disable no-control-regex -- control characters are what these rules are about */
import { VALUE_RULES } from './value-rules.ts';

const CONTROL_EXCEPT_ESC = /[\u0000-\u001a\u001c-\u001f\u007f-\u009f]/;

/** Text of a UID which cannot identify anything. [reference 0.9] */
export const INVALID_UID =
  "DICOM Identifier is invalid. Value length should not exceed the maximum length of 64 characters. Value should contain characters in '0'-'9' and '.'. Each component must start with non-zero number.";

/** Whether a UID can identify something; trailing spaces do not count. [reference 0.9] */
export function isUid(value: string): boolean {
  const trimmed = value.replace(/ +$/, '');
  return trimmed.length <= 64 && /^[0-9.]*[0-9]$/.test(trimmed);
}

/**
 * The service's own, smaller rules for the attributes which it indexes.
 *
 * @param value - the first value of the element, without trailing spaces.
 * @returns what is wrong, as the end of the message, or `undefined`.
 * @see reference 1.5, "v1/minimum validators"
 */
export function minimumRule(vr: string, value: string): string | undefined {
  switch (vr) {
    case 'AE':
    case 'CS':
    case 'SH':
      return value.length > 16 ? exceeds(16) : undefined;
    case 'AS':
      return value.length === 4 ? undefined : 'Value length is not 4.';
    case 'DT':
    case 'IS':
    case 'TM':
      return VALUE_RULES[vr]?.(value) === undefined ? undefined : UNPARSEABLE[vr];
    case 'DA':
      return value === '' || isDate(value) ? undefined : 'Value cannot be parsed as a valid date.';
    case 'LO':
      if (value.length > 64) return exceeds(64);
      return CONTROL_EXCEPT_ESC.test(value) ? 'Value contains invalid character.' : undefined;
    case 'PN':
      return personName(value);
    case 'UI':
      return isUid(value) ? undefined : INVALID_UID;
    default:
      return undefined;
  }
}

/** Whether a value is a date of the Gregorian calendar written `yyyyMMdd`. */
export function isDate(value: string): boolean {
  if (!/^\d{8}$/.test(value)) return false;
  const iso = `${value.slice(0, 4)}-${value.slice(4, 6)}-${value.slice(6)}`;
  const date = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso);
}

const exceeds = (characters: number) => `Value length exceeds maximum length of ${characters}.`;

const UNPARSEABLE: Readonly<Record<string, string>> = {
  DT: 'Value cannot be parsed as a valid DateTime.',
  IS: 'Value cannot be parsed as a valid integer string.',
  TM: 'Value cannot be parsed as a valid Time.',
};

function personName(value: string): string | undefined {
  const groups = value.split('=');
  // The service has the text of the components for the groups too. [source ValidationErrorCodeExtensions]
  if (groups.length > 3) return 'Value contains more than 5 components.';
  for (const group of groups) {
    if (group.length > 64) return 'One or more group of person name exceeds maxium length of 64.';
    if (CONTROL_EXCEPT_ESC.test(group)) return 'Value contains invalid character.';
  }
  return groups.some(group => group.split('^').length > 5)
    ? 'Value contains more than 5 components.'
    : undefined;
}
