/** WHATWG encoding labels of the Defined Terms of Specific Character Set. @see PS3.3 C.12.1.1.2 */
const LABELS: Readonly<Record<string, string>> = {
  '': 'iso-8859-1',
  'ISO_IR 6': 'iso-8859-1',
  'ISO_IR 100': 'iso-8859-1',
  'ISO_IR 101': 'iso-8859-2',
  'ISO_IR 109': 'iso-8859-3',
  'ISO_IR 110': 'iso-8859-4',
  'ISO_IR 144': 'iso-8859-5',
  'ISO_IR 127': 'iso-8859-6',
  'ISO_IR 126': 'iso-8859-7',
  'ISO_IR 138': 'iso-8859-8',
  'ISO_IR 148': 'windows-1254',
  'ISO_IR 203': 'iso-8859-15',
  'ISO_IR 166': 'windows-874',
  'ISO_IR 13': 'shift_jis',
  'ISO_IR 192': 'utf-8',
  GB18030: 'gb18030',
  GBK: 'gbk',
};

/** Decodes the bytes of SH, LO, ST, LT, UC, UT and PN. */
export type TextDecoding = (bytes: Uint8Array) => string;

/**
 * The decoding for a value of Specific Character Set (0008,0005). With code extensions the
 * Japanese, Korean and simplified Chinese ones are known; others fall back to the first term.
 *
 * @param terms - the values of (0008,0005), in order.
 */
export function textDecoding(terms: readonly string[]): TextDecoding {
  const plain = terms.map(term => term.replace(/^ISO 2022 IR/, 'ISO_IR'));
  if (terms.length > 1 || terms[0]?.startsWith('ISO 2022')) {
    if (plain.some(term => /^ISO_IR (13|87|159)$/.test(term))) return decoding('iso-2022-jp');
    if (plain.includes('ISO_IR 149')) return withoutEscapes(decoding('euc-kr'));
    if (plain.includes('ISO_IR 58')) return withoutEscapes(decoding('gb18030'));
  }
  return decoding(LABELS[plain[0] ?? ''] ?? 'iso-8859-1');
}

const DECODINGS = new Map<string, TextDecoding>();

function decoding(label: string): TextDecoding {
  const known = DECODINGS.get(label);
  if (known) return known;
  const decoder = new TextDecoder(label);
  const decode = (bytes: Uint8Array) => decoder.decode(bytes);
  DECODINGS.set(label, decode);
  return decode;
}

/** The designations ESC $ ) C and ESC $ ) A select what EUC-KR and GB 2312 imply already. */
function withoutEscapes(decode: TextDecoding): TextDecoding {
  // eslint-disable-next-line no-control-regex -- ESC is what is looked for
  return bytes => decode(bytes).replace(/\u001b\$\)[AC]/g, '');
}
