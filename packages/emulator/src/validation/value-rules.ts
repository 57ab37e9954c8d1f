/* eslint-disable no-control-regex -- control characters are what these rules are about */

/** Says what is wrong with one value of a VR, or `undefined` when it is right. */
export type ValueRule = (value: string) => string | undefined;

const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
const CONTROL_EXCEPT_ESC = /[\u0000-\u001a\u001c-\u001f\u007f-\u009f]/;
const MAX_PN_GROUPS = 3;
const MAX_PN_COMPONENTS = 5;

/**
 * Rules of the value representations, with the words which the service's library uses.
 * DS, IS, DT, AS and the long texts are not validated (see the README).
 *
 * @see PS3.5 section 6.2
 */
export const VALUE_RULES: Readonly<Record<string, ValueRule>> = {
  AE: value => {
    if (value.length > 16) return tooLong(16);
    if (/^\s*$/.test(value)) return 'value may not consist only of spaces';
    return CONTROL.test(value) ? 'value contains invalid control character' : undefined;
  },
  CS: value => {
    if (value.length > 16) return tooLong(16);
    return /^[A-Z0-9_ ]*$/.test(value)
      ? undefined
      : 'value contains invalid character. Only uppercase character, digits, space and underscore alre allowed';
  },
  DA: dateRule,
  LO: value => textRule(value, 64),
  PN: personNameRule,
  SH: value => textRule(value, 16),
  TM: timeRule,
  UI: uidRule,
};

const tooLong = (characters: number) => `value exceeds maximum length of ${characters} characters`;

function textRule(value: string, characters: number): string | undefined {
  if (value.length > characters) return tooLong(characters);
  return CONTROL_EXCEPT_ESC.test(value) ? 'value contains invalid character' : undefined;
}

function dateRule(value: string): string | undefined {
  if (value === '') return undefined;
  if (!/^\d{8}$/.test(value)) return 'one of the date values does not match the pattern YYYYMMDD';
  if (Number(value.slice(4, 6)) > 12) return 'month component exceeds the value 12';
  if (Number(value.slice(6, 8)) > 31) return 'day component exceeds the value 31';
  return undefined;
}

function timeRule(value: string): string | undefined {
  if (value === '') return undefined;
  if (!/^\d{2}(\d{2}(\d{2}(\.\d{1,6})?)?)?$/.test(value)) {
    return 'value does not mach pattern HH or HHMM or HHMMSS or HHMMSS.F{1-6}';
  }
  if (Number(value.slice(0, 2)) > 23) return 'hour component exceeds 23';
  if (Number(value.slice(2, 4)) > 59) return 'minutes component exceeds 59';
  if (Number(value.slice(4, 6)) > 60) return 'seconds component exceeds 60';
  return undefined;
}

function personNameRule(value: string): string | undefined {
  const groups = value.split('=');
  if (groups.length > MAX_PN_GROUPS) return 'value contains too many groups';
  for (const group of groups) {
    if (group.length > 64) return tooLong(64);
    if (CONTROL_EXCEPT_ESC.test(group)) return 'value contains invalid control character';
    if (group.split('^').length > MAX_PN_COMPONENTS) return 'value contains too many components';
  }
  return undefined;
}

function uidRule(value: string): string | undefined {
  if (value === '') return undefined;
  if (value.length > 64) return tooLong(64);
  if (!/^[0-9.]*$/.test(value)) {
    return `value contains invalid characters other than '0'-'9' and '.'`;
  }
  if (/^0|\.0\d/.test(value)) return 'components must not have leading zeros';
  return /^\.|\.\.|\.$/.test(value) ? 'a component can not be empty' : undefined;
}
