import dcmjs from 'dcmjs';

/** What PS3.6 says of one attribute. */
export interface DictionaryEntry {
  /** Eight upper-case hex digits. */
  tag: string;
  keyword: string;
  /** Two letters, or one of dcmjs' alternatives: `ox` (OB or OW), `xs` (US or SS), `lt`, `up`. */
  vr: string;
  /** Value multiplicity as PS3.6 writes it, for example `1`, `1-n`, `2-2n`. */
  vm: string;
}

const byTag = new Map<string, DictionaryEntry>();
const byKeyword = new Map<string, DictionaryEntry>();

for (const [name, one] of Object.entries(dcmjs.data.DicomMetaDictionary.nameMap)) {
  const tag = /^\(([0-9A-F]{4}),([0-9A-F]{4})\)$/.exec(one?.tag ?? '');
  if (!one || !tag) continue;
  const keyword = name.replace(/^RETIRED_/, '');
  const entry = { tag: `${tag[1]}${tag[2]}`, keyword, vr: one.vr, vm: one.vm };
  byTag.set(entry.tag, entry);
  byKeyword.set(keyword, entry);
}

/** The standard attribute of a tag, also of the repeating groups 50xx and 60xx. */
export function attributeOfTag(tag: string): DictionaryEntry | undefined {
  const known = byTag.get(tag);
  if (known || !/^(50|60)[0-9A-F]{2}/.test(tag)) return known;
  return byTag.get(`${tag.slice(0, 2)}00${tag.slice(4)}`);
}

/** The standard attribute of a keyword; keywords are case-sensitive. */
export function attributeOfKeyword(keyword: string): DictionaryEntry | undefined {
  return byKeyword.get(keyword);
}

/** Whether a tag is a private one: its group is odd. */
export function isPrivate(tag: string): boolean {
  return Number.parseInt(tag.slice(3, 4), 16) % 2 === 1;
}

/**
 * The VR which Implicit VR implies for a tag.
 *
 * @param signedPixels - Pixel Representation (0028,0103) is 1, which decides between US and SS.
 */
export function implicitVr(tag: string, signedPixels: boolean): string {
  if (tag.endsWith('0000')) return 'UL';
  if (isPrivate(tag)) return /^.{4}00[1-9A-F]/.test(tag) ? 'LO' : 'UN';
  const vr = attributeOfTag(tag)?.vr;
  switch (vr) {
    case undefined:
    case 'na':
      return 'UN';
    case 'ox':
      return 'OW';
    case 'xs':
      return signedPixels ? 'SS' : 'US';
    case 'lt':
      return 'US';
    case 'up':
      return 'UL';
    default:
      return vr;
  }
}
