/** A media type with parameters, or a media range of an `Accept` header. @see RFC 9110 section 8.3.1, 12.5.1 */
export interface MediaType {
  /** `type/subtype` in lower case. */
  type: string;
  /** Parameter names in lower case; values as given, without quotes. */
  parameters: ReadonlyMap<string, string>;
  /** The `q` parameter, 0 to 1; 1 when absent. */
  quality: number;
}

/** Reads a media type such as a `Content-Type`; `undefined` when it is none. */
export function parseMediaType(text: string): MediaType | undefined {
  const [type = '', ...rest] = splitOutsideQuotes(text, ';').map(part => part.trim());
  if (!/^[^\s/;,"]+\/[^\s/;,"]+$/.test(type)) return undefined;
  const parameters = new Map<string, string>();
  for (const parameter of rest) {
    const [, name, value] = /^([^=\s]+)\s*=\s*(.*)$/.exec(parameter) ?? [];
    if (name === undefined || value === undefined) continue;
    parameters.set(name.toLowerCase(), unquote(value));
  }
  const quality = Number(parameters.get('q') ?? 1);
  return { type: type.toLowerCase(), parameters, quality: Number.isFinite(quality) ? quality : 1 };
}

/** Reads one line of an `Accept` header; what cannot be read is left out. */
export function parseMediaRanges(line: string): MediaType[] {
  return splitOutsideQuotes(line, ',')
    .map(parseMediaType)
    .filter(range => range !== undefined);
}

const DICOM_JSON_RANGES = new Set([
  '*/*',
  'application/*',
  'application/json',
  'application/dicom+json',
]);

/** Whether `Accept` permits DICOM JSON; an absent header does not. [reference 0.B] */
export function acceptsDicomJson(lines: readonly string[]): boolean {
  return lines.flatMap(parseMediaRanges).some(range => DICOM_JSON_RANGES.has(range.type));
}

function splitOutsideQuotes(text: string, separator: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const letter = text[index];
    if (letter === '"') quoted = !quoted;
    if (letter === separator && !quoted) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return [...parts, text.slice(start)];
}

function unquote(value: string): string {
  const [, quoted] = /^"(.*)"$/.exec(value.trim()) ?? [];
  return quoted === undefined ? value.trim() : quoted.replace(/\\(.)/g, '$1');
}
