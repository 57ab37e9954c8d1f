import { CodecError } from './wasm-codecs.ts';

/** The beginning of a codestream: SOC, then SIZ. */
const BEGINNING = Buffer.from([0xff, 0x4f, 0xff, 0x51]);
const SIZ = 0xff51;
const COMMENT = 0xff64;
const START_OF_TILE_PART = 0xff90;
const START_OF_DATA = 0xff93;
const END_OF_CODESTREAM = Buffer.from([0xff, 0xd9]);
/** Offsets in the marker segment SIZ: the number of components, and the first one's description. */
const COMPONENT_COUNT = 38;
const COMPONENTS = 40;
const COMPONENT_BYTES = 3;
/** Of a component's depth: it is signed. The other bits are its precision less one. */
const SIGNED = 0x80;
const TILE_PART_BYTES = 12;

/** Progression by component, position, resolution, layer: all packets of a component together. */
export const CPRL = 4;

interface Component {
  /** Where its depth stands. */
  at: number;
  signed: boolean;
  precision: number;
}

/** The components of a codestream, which may stand in a JP2 file. @see ITU-T T.800 A.5.1 */
function componentsOf(stream: Buffer): Component[] {
  const start = stream.indexOf(BEGINNING);
  const siz = start + 2;
  if (start < 0 || stream.length < siz + COMPONENTS) return [];
  const count = stream.readUInt16BE(siz + COMPONENT_COUNT);
  return Array.from({ length: count }, (_, index) => siz + COMPONENTS + index * COMPONENT_BYTES)
    .filter(at => at < stream.length)
    .map(at => {
      const depth = stream.readUInt8(at);
      return { at, signed: depth >= SIGNED, precision: (depth & ~SIGNED) + 1 };
    });
}

/** Whether all components are signed and of at most eight bits, which the codec cannot read. */
export function isSignedByte(stream: Buffer): boolean {
  const components = componentsOf(stream);
  return (
    components.length > 0 && components.every(({ signed, precision }) => signed && precision <= 8)
  );
}

/**
 * Declares the components of a codestream signed, or unsigned. Unsigned samples are coded less half
 * their range, so that the values become those of the other kind less, or plus, that half.
 *
 * @returns a copy.
 * @see ITU-T T.800 annex G.1, DC level shifting
 */
export function withSign(stream: Buffer, signed: boolean): Buffer {
  const copy = Buffer.from(stream);
  for (const { at, precision } of componentsOf(stream)) {
    copy[at] = (precision - 1) | (signed ? SIGNED : 0);
  }
  return copy;
}

/**
 * Makes one codestream of several which differ in nothing but their samples: of one component, one
 * tile and the progression {@link CPRL} each. The packets of a component are then the same as they
 * are alone, and stand one component after the other. There is no colour transform.
 *
 * @throws {CodecError} when they are not of this kind.
 * @see ITU-T T.800 A.4, B.12.1.5
 */
export function joinComponents(streams: readonly Buffer[]): Buffer {
  const parts = streams.map(takenApart);
  const [first] = parts;
  if (!first) throw new CodecError('There is no component.');
  const header = first.segments.map(segment => {
    if (segment.readUInt16BE(0) !== SIZ) return segment;
    const component = segment.subarray(COMPONENTS);
    const joined = Buffer.concat([
      segment.subarray(0, COMPONENTS),
      ...streams.map(() => component),
    ]);
    joined.writeUInt16BE(joined.length - 2, 2);
    joined.writeUInt16BE(streams.length, COMPONENT_COUNT);
    return joined;
  });
  const data = Buffer.concat(parts.map(part => part.data));
  const tilePart = Buffer.from(first.tilePart);
  tilePart.writeUInt32BE(TILE_PART_BYTES + 2 + data.length, 6);
  return Buffer.concat([
    BEGINNING.subarray(0, 2),
    ...header,
    tilePart,
    Buffer.from([START_OF_DATA >> 8, START_OF_DATA & 0xff]),
    data,
    END_OF_CODESTREAM,
  ]);
}

/** The main header's segments, the head of the tile-part, and its packets. */
function takenApart(stream: Buffer): { segments: Buffer[]; tilePart: Buffer; data: Buffer } {
  const segments: Buffer[] = [];
  let at = 2;
  while (stream.readUInt16BE(at) !== START_OF_TILE_PART) {
    const end = at + 2 + stream.readUInt16BE(at + 2);
    // The encoder's name, which says nothing of the samples.
    if (stream.readUInt16BE(at) !== COMMENT) segments.push(stream.subarray(at, end));
    at = end;
  }
  const end = at + stream.readUInt32BE(at + 6);
  const data = at + TILE_PART_BYTES;
  if (
    stream.readUInt16BE(data) !== START_OF_DATA ||
    !stream.subarray(end).equals(END_OF_CODESTREAM)
  ) {
    throw new CodecError('The codestream has more than one tile-part.');
  }
  return {
    segments,
    tilePart: stream.subarray(at, data),
    data: stream.subarray(data + 2, end),
  };
}
