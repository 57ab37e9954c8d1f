/** A value as a person would write it: single quotes, two spaces. */
function literal(value: unknown, indent: string): string {
  if (typeof value === 'string') {
    return `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
  }
  if (Array.isArray(value)) return `[${value.map(one => literal(one, indent)).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const inner = `${indent}  `;
    const lines = Object.entries(value).map(
      ([name, one]) => `${inner}${name}: ${literal(one, inner)},\n`
    );
    return lines.length === 0 ? '{}' : `{\n${lines.join('')}${indent}}`;
  }
  return JSON.stringify(value);
}

/** Where the object that begins at `start` ends; braces in strings and comments do not count. */
function endOfObject(text: string, start: number): number {
  const token =
    /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|\/\/[^\n]*|\/\*[\s\S]*?\*\/|[{}]/g;
  token.lastIndex = start;
  let depth = 0;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    if (match[0] === '{') depth += 1;
    if (match[0] === '}' && --depth === 0) return token.lastIndex;
  }
  return -1;
}

/**
 * The shipped configuration with a data source's `configuration` in place of its own.
 * @param template - platform-config/azure.js.
 * @throws {Error} when the file no longer has exactly one `configuration: {`; a fault of this project, found by its test.
 */
export function writeConfig(template: string, configuration: Record<string, unknown>): string {
  const parts = template.split('configuration: {');
  const start = template.indexOf('configuration: {') + 'configuration: '.length;
  const end = parts.length === 2 ? endOfObject(template, start) : -1;
  if (end < 0) throw new Error('platform-config/azure.js has not exactly one "configuration: {".');
  const lineStart = template.lastIndexOf('\n', start) + 1;
  const indent = /^ */.exec(template.slice(lineStart))?.[0] ?? '';
  const head = template
    .slice(0, start)
    .replace(
      /Replace the three values in angle brackets; every/,
      'Written by `ohif-azure config`; every'
    );
  return `${head}${literal(configuration, indent)}${template.slice(end)}`;
}
