/* eslint-disable no-control-regex -- control characters are what these rules are about */

import { dateTimeRule } from './date-time-rule.ts';

/** Says what is wrong with one value of a VR, or `undefined` when it is right. */
export type ValueRule = (value: string) => string | undefined;

const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
const CONTROL_EXCEPT_ESC = /[\u0000-\u001a\u001c-\u001f\u007f-\u009f]/;
const MAX_PN_GROUPS = 3;
const MAX_PN_COMPONENTS = 5;

/**
 * Rules of the value representations, with the words which the service's library uses.
 *
 * @see PS3.5 section 6.2
 */
export const VALUE_RULES: Readonly<Record<string, ValueRule>> = {
  AE: value => {
    if (value.length > 16) return tooLong(16);
    if (/^\s*$/.test(value)) return 'value may not consist only of spaces';
    return CONTROL.test(value) ? 'value contains invalid control character' : undefined;
  },
  AS: value => (/^\d{3}[DWMY]$/.test(value) ? undefined : 'value does not have pattern 000[DWMY]'),
  CS: value => {
    if (value.length > 16) return tooLong(16);
    return /^[A-Z0-9_ ]*$/.test(value)
      ? undefined
      : 'value contains invalid character. Only uppercase character, digits, space and underscore alre allowed';
  },
  DA: dateRule,
  DS: value => {
    if (value.length > 16) return tooLong(16);
    return /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(value.trim())
      ? undefined
      : 'value is no decimal string';
  },
  DT: dateTimeRule,
  IS: value => {
    if (!/^ *[+-]?\d+ *$/.test(value)) return 'value is not an integer string';
    return Math.abs(Number(value) + 0.5) < 2 ** 31
      ? undefined
      : 'value too large to fit 32 bit integer';
  },
  LO: value => textRule(value, 64),
  LT: value => (value.length > 10_240 ? tooLong(10_240) : undefined),
  PN: personNameRule,
  SH: value => textRule(value, 16),
  ST: value => (value.length > 1024 ? tooLong(1024) : undefined),
  TM: timeRule,
  UI: uidRule,
};

const tooLong = (characters: number) => `value exceeds maximum length of ${characters} characters`;

function textRule(value: string, characters: number): string | undefined {
  if (value.length > characters) return tooLong(characters);
  return CONTROL_EXCEPT_ESC.test(value) ? 'value contains invalid character' : undefined;
}

/** Ranges, which belong into searches, pass. */
function dateRule(value: string): string | undefined {
  const parts = value.split('-');
  if (parts.length > 2) return "value contains too many range separators '-'";
  for (const part of parts.map(one => one.replace(/ +$/, ''))) {
    if (part === '') continue;
    if (!/^\d{8}$/.test(part)) return 'one of the date values does not match the pattern YYYYMMDD';
    if (Number(part.slice(4, 6)) > 12) return 'month component exceeds the value 12';
    if (Number(part.slice(6, 8)) > 31) return 'day component exceeds the value 31';
  }
  return undefined;
}

function timeRule(value: string): string | undefined {
  const parts = value.split('-');
  if (parts.length > 2) return "value contains too many range separators '-'";
  for (const part of parts.map(one => one.replace(/ +$/, ''))) {
    if (part === '') continue;
    if (!/^\d{2}(\d{2}(\d{2}(\.\d{1,6})?)?)?$/.test(part)) {
      return 'value does not mach pattern HH or HHMM or HHMMSS or HHMMSS.F{1-6}';
    }
    if (Number(part.slice(0, 2)) > 23) return 'hour component exceeds 23';
    if (Number(part.slice(2, 4)) > 59) return 'minutes component exceeds 59';
    if (Number(part.slice(4, 6)) > 60) return 'seconds component exceeds 60';
  }
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
