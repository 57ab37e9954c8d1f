/** The VR of a tag (`0x0020000d`) in a data set of Implicit VR. `isSigned`: Pixel Representation (0028,0103) is 1. */
export type VROf = (tag: number, isSigned: boolean) => string;

const GROUP = 0x10000;
const groupOf = (tag: number): number => Math.floor(tag / GROUP);

/** Alternatives of PS3.6, as dcmjs writes them. Of those with OW it is what Implicit VR means by definition (PS3.5 A.1). */
const ALTERNATIVES: Readonly<Record<string, string>> = { ox: 'OW', lt: 'OW', up: 'UL' };

let loading: Promise<VROf> | undefined;

async function load(): Promise<VROf> {
  const { default: dcmjs } = await import('dcmjs');
  const byTag = new Map<number, string>();
  for (const entry of Object.values(dcmjs.data.DicomMetaDictionary.nameMap)) {
    const tag = /^\(([0-9A-F]{4}),([0-9A-F]{4})\)$/.exec(entry?.tag ?? '');
    if (entry && tag) byTag.set(Number.parseInt(`${tag[1]}${tag[2]}`, 16), entry.vr);
  }
  return (tag, isSigned) => {
    const group = groupOf(tag);
    const element = tag % GROUP;
    if (group % 2 === 1) return element >= 0x10 && element <= 0xff ? 'LO' : 'UN';
    // Curves and overlays are repeated by group (PS3.5 7.6).
    const isRepeating = (group >= 0x5000 && group < 0x5100) || (group >= 0x6000 && group < 0x6100);
    const repeated = isRepeating ? (group & 0xff00) * GROUP + element : tag;
    const vr = byTag.get(tag) ?? byTag.get(repeated) ?? 'UN';
    if (vr === 'xs') return isSigned ? 'SS' : 'US';
    const known = ALTERNATIVES[vr] ?? vr;
    return /^[A-Z]{2}$/.test(known) ? known : 'UN';
  };
}

/** The data dictionary of PS3.6. Loaded at the first call: it takes some megabytes, which only those need who transcode. */
export function loadVRDictionary(): Promise<VROf> {
  loading ??= load();
  return loading;
}
