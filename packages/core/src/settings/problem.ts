import type * as z from 'zod';

/** One mistake in the settings: where it is, what stands there, and what is expected. */
export interface SettingProblem {
  /** Path as an administrator would write it, e.g. `dataSources[0].configuration.signIn.clientId`. */
  path: string;
  /** What was found, shortened; `nothing` when the setting is missing. Never the value of a secret. */
  found: string;
  /** What is expected, as a phrase that completes "expected ...". */
  expected: string;
}

/** `dataSources[0].configuration.serviceUrl: found "ftp://x", expected an https:// origin` */
export function formatProblem(problem: SettingProblem): string {
  return `${problem.path}: found ${problem.found}, expected ${problem.expected}`;
}

/** A value in the words of a message: quoted and cut when it is text, otherwise its type or its JSON. */
export function describeFound(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (typeof value === 'string') return JSON.stringify(cut(value));
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  return `a value of type ${typeof value}`;
}

/** Path segments in the notation of JavaScript: `a.b[0].c`. */
export function formatPath(segments: readonly PropertyKey[]): string {
  return segments.reduce<string>((text, segment) => {
    if (typeof segment === 'number') return `${text}[${segment}]`;
    return text === '' ? String(segment) : `${text}.${String(segment)}`;
  }, '');
}

/**
 * Every issue of one zod parse as a problem each; an object with three unknown keys gives three.
 * The words of `expected` are the schema's own messages (see viewer-settings.ts).
 */
export function problemsOf(
  error: z.ZodError,
  input: unknown,
  base: readonly PropertyKey[]
): SettingProblem[] {
  const problems = error.issues.flatMap(issue => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map(key => ({
        path: formatPath([...base, ...issue.path, key]),
        found: 'a setting of this name',
        expected: 'no such setting (misspelt, or in the wrong place)',
      }));
    }
    return [
      {
        path: formatPath([...base, ...issue.path]),
        found: describeFound(valueAt(input, issue.path)),
        expected: issue.message,
      },
    ];
  });
  // Later checks of a value that already failed one say nothing new.
  return problems.filter((each, i) => problems.findIndex(({ path }) => path === each.path) === i);
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as Record<PropertyKey, unknown>)[key]
        : undefined,
    input
  );
}

function cut(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
