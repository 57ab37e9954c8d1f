import { redact } from '@ohif-azure/core';
import type { SettingProblem } from '@ohif-azure/core/settings';
import type * as z from 'zod';
import type { Field, Fields, Values } from './setting-field.ts';
import type { Gathered, Raw } from './settings-source.ts';
import { isRaw } from './settings-source.ts';

const MAX_FOUND = 80;

/** A value in the words of a message. */
export function foundIn(value: unknown, isSecret = false): string {
  if (value === undefined) return 'nothing';
  if (isSecret) return 'a value that is not shown';
  if (value === null || typeof value === 'number' || typeof value === 'boolean') {
    return String(value);
  }
  if (typeof value !== 'string') return Array.isArray(value) ? 'a list' : 'an object';
  const shown = redact(value);
  return JSON.stringify(shown.length > MAX_FOUND ? `${shown.slice(0, MAX_FOUND - 1)}…` : shown);
}

/** Every issue of one schema as a problem each; an object with three unknown keys gives three. */
export function problemsOf(
  issues: readonly z.core.$ZodIssue[],
  input: unknown,
  path: string,
  isSecret = false
): SettingProblem[] {
  const problems = issues.flatMap((issue): SettingProblem[] => {
    const at = issue.path.map(key => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`));
    const where = path + at.join('');
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map(key => unknownSetting(`${where}.${key}`));
    }
    const value = issue.path.reduce<unknown>(
      (found, key) =>
        typeof found === 'object' && found !== null ? Reflect.get(found, key) : undefined,
      input
    );
    return [{ path: where, found: foundIn(value, isSecret), expected: issue.message }];
  });
  // Later checks of a value that already failed one say nothing new.
  return problems.filter((each, i) => problems.findIndex(({ path: at }) => at === each.path) === i);
}

/** A setting that there is not. */
export const unknownSetting = (path: string): SettingProblem => ({
  path,
  found: 'a setting of this name',
  expected: 'no such setting (misspelt, or in the wrong place)',
});

/**
 * Checks each field by itself, so that all mistakes are found at once.
 * @param raw - what was found; undefined: nothing.
 * @param known - other members that are checked elsewhere.
 * @returns for what is wrong, the field's default, or nothing of use; `problems` then says so.
 */
export function checkFields<F extends Fields>(
  fields: F,
  raw: unknown,
  path: readonly string[],
  { nameOf }: Gathered,
  problems: SettingProblem[],
  known: readonly string[] = []
): Values<F> {
  const object: Raw = isRaw(raw) ? raw : {};
  if (raw !== undefined && !isRaw(raw)) {
    problems.push({ path: path.join('.'), found: foundIn(raw), expected: 'an object' });
  }
  for (const key of Object.keys(object)) {
    if (!Object.hasOwn(fields, key) && !known.includes(key)) {
      problems.push(unknownSetting([...path, key].join('.')));
    }
  }
  const checked = Object.entries<Field>(fields).map(([name, field]) => {
    const value = object[name];
    const result = field.schema.safeParse(value);
    if (result.success) return [name, result.data] as const;
    const where = nameOf([...path, name], field);
    problems.push(...problemsOf(result.error.issues, value, where, field.isSecret));
    // A wrong value is kept, so that what depends on it is not said to be missing.
    const fallback = field.schema.safeParse(undefined);
    const kept = typeof value === 'string' ? value : '';
    return [name, (fallback.success ? fallback.data : undefined) ?? kept] as const;
  });
  return Object.fromEntries(checked) as Values<F>;
}
