/**
 * Small synthetic CT instances in Explicit VR Little Endian, made quickly and always the same: for tests and
 * benchmarks which need many. Plain JavaScript, so that the benchmarks can load it without a build.
 */

const ROOT = '2.25.7701';
const LONG_FORM = new Set(['OB', 'OW', 'SQ', 'UN', 'UT']);

/** The UIDs of instance `instance` in series `series` of study `study`, all counted from 0. */
export function uidsOf(study, series, instance) {
  const studyInstanceUID = `${ROOT}.1.${study + 1}`;
  const seriesInstanceUID = `${studyInstanceUID}.${series + 1}`;
  return {
    studyInstanceUID,
    seriesInstanceUID,
    sopInstanceUID: `${seriesInstanceUID}.${instance + 1}`,
  };
}

/**
 * One Part 10 file.
 *
 * @param place `{ study, series, instance }`, counted from 0
 * @param image `{ rows, columns, frames, transferSyntax, pixelData }`: 16 bits, 64 by 64, one frame by default
 */
export function syntheticInstance({ study = 0, series = 0, instance = 0 }, image = {}) {
  const { rows = 64, columns = 64, frames = 1, transferSyntax = '1.2.840.10008.1.2.1' } = image;
  const uids = uidsOf(study, series, instance);
  const sopClass = '1.2.840.10008.5.1.4.1.1.2';
  const pixels = image.pixelData ?? gradient(rows, columns, frames, study * 31 + instance);
  const meta = Buffer.concat([
    element(0x0002, 0x0001, 'OB', Buffer.from([0, 1])),
    element(0x0002, 0x0002, 'UI', sopClass),
    element(0x0002, 0x0003, 'UI', uids.sopInstanceUID),
    element(0x0002, 0x0010, 'UI', transferSyntax),
    element(0x0002, 0x0012, 'UI', '2.25.7701.9'),
  ]);
  const number = (value, width) => String(value).padStart(width, '0');
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM'),
    element(0x0002, 0x0000, 'UL', u32(meta.length)),
    meta,
    element(0x0008, 0x0005, 'CS', 'ISO_IR 192'),
    element(0x0008, 0x0008, 'CS', 'ORIGINAL\\PRIMARY\\AXIAL'),
    element(0x0008, 0x0016, 'UI', sopClass),
    element(0x0008, 0x0018, 'UI', uids.sopInstanceUID),
    element(0x0008, 0x0020, 'DA', `20${number(study % 26, 2)}0${1 + (study % 9)}15`),
    element(0x0008, 0x0021, 'DA', `20${number(study % 26, 2)}0${1 + (study % 9)}15`),
    element(0x0008, 0x0030, 'TM', '101500'),
    element(0x0008, 0x0050, 'SH', `ACC${number(study, 6)}`),
    element(0x0008, 0x0060, 'CS', series % 2 ? 'PT' : 'CT'),
    element(0x0008, 0x0070, 'LO', 'Synthetic'),
    element(0x0008, 0x0090, 'PN', 'Referring^Rita'),
    element(0x0008, 0x1030, 'LO', `CT study ${study % 50}`),
    element(0x0008, 0x103e, 'LO', `Series ${series + 1}`),
    element(0x0008, 0x1090, 'LO', 'Phantom Mk 1'),
    element(0x0010, 0x0010, 'PN', `Synthetic^Patient${number(study % 5000, 4)}`),
    element(0x0010, 0x0020, 'LO', `MRN${number(study % 5000, 6)}`),
    element(0x0010, 0x0030, 'DA', '19700101'),
    element(0x0010, 0x0040, 'CS', 'O'),
    element(0x0018, 0x0050, 'DS', '1.25'),
    element(0x0018, 0x0060, 'DS', '120'),
    element(0x0018, 0x1151, 'IS', '220'),
    element(0x0020, 0x000d, 'UI', uids.studyInstanceUID),
    element(0x0020, 0x000e, 'UI', uids.seriesInstanceUID),
    element(0x0020, 0x0010, 'SH', `S${study}`),
    element(0x0020, 0x0011, 'IS', String(series + 1)),
    element(0x0020, 0x0013, 'IS', String(instance + 1)),
    element(0x0020, 0x0032, 'DS', `-125\\-125\\${(instance * 1.25).toFixed(2)}`),
    element(0x0020, 0x0037, 'DS', '1\\0\\0\\0\\1\\0'),
    element(0x0020, 0x0052, 'UI', `${uids.studyInstanceUID}.999`),
    element(0x0028, 0x0002, 'US', u16(1)),
    element(0x0028, 0x0004, 'CS', 'MONOCHROME2'),
    ...(frames > 1 ? [element(0x0028, 0x0008, 'IS', String(frames))] : []),
    element(0x0028, 0x0010, 'US', u16(rows)),
    element(0x0028, 0x0011, 'US', u16(columns)),
    element(0x0028, 0x0030, 'DS', '0.7\\0.7'),
    element(0x0028, 0x0100, 'US', u16(16)),
    element(0x0028, 0x0101, 'US', u16(12)),
    element(0x0028, 0x0102, 'US', u16(11)),
    element(0x0028, 0x0103, 'US', u16(0)),
    element(0x0028, 0x1050, 'DS', '40'),
    element(0x0028, 0x1051, 'DS', '400'),
    element(0x0028, 0x1052, 'DS', '-1024'),
    element(0x0028, 0x1053, 'DS', '1'),
    element(0x0040, 0x0244, 'DA', '20250115'),
    element(0x7fe0, 0x0010, 'OW', pixels),
  ]);
}

/**
 * 16-bit pixels with 12 bits stored that look like a slice of a body: smooth tissue with organs which change along it, air around
 * it, and noise. They compress about as badly as a real CT does.
 *
 * @param place position of the slice along the body, 0 to 1
 * @param seed of the noise; the same arguments give the same pixels
 */
export function syntheticAnatomy(rows, columns, place, seed) {
  const pixels = new Uint16Array(rows * columns);
  const noise = noiseOf(seed);
  const waist = 0.85 + 0.1 * Math.cos(2 * Math.PI * place);
  for (let row = 0; row < rows; row += 1) {
    const y = (2 * row) / rows - 1;
    for (let column = 0; column < columns; column += 1) {
      const x = (2 * column) / columns - 1;
      const depth = 1 - (x * x) / (waist * waist) - (y * y) / (0.5 * waist);
      let value = 40;
      if (depth > 0) {
        const organ = Math.sin(5 * x + 6 * place) * Math.cos(4 * y - 9 * place);
        value = depth < 0.08 ? 930 : 1050 + 60 * organ;
        const spine = (x * x + (y - 0.4) * (y - 0.4)) / 0.012;
        if (spine < 1) value += 600 * (1 - spine);
      }
      pixels[row * columns + column] = value + noise();
    }
  }
  return Buffer.from(pixels.buffer);
}

/** 0 to 31, the middle more often: the sum of two of the generator's bits. */
function noiseOf(seed) {
  let state = (seed * 2654435761 + 1) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 28) + ((state >>> 24) & 15);
  };
}

/** A Store body with one part per file. */
export function storeBody(files, boundary) {
  const head = Buffer.from(`--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`);
  const end = Buffer.from('\r\n');
  return Buffer.concat([
    ...files.flatMap(file => [head, file, end]),
    Buffer.from(`--${boundary}--\r\n`),
  ]);
}

function gradient(rows, columns, frames, seed) {
  const pixels = new Uint16Array(rows * columns * frames);
  for (let i = 0; i < pixels.length; i += 1) pixels[i] = (i * 7 + seed * 13) & 0xfff;
  return Buffer.from(pixels.buffer);
}

function element(group, number, vr, value) {
  let bytes = typeof value === 'string' ? Buffer.from(value) : value;
  if (bytes.length % 2)
    bytes = Buffer.concat([bytes, Buffer.from(vr === 'UI' || vr === 'OB' ? '\0' : ' ')]);
  const long = LONG_FORM.has(vr);
  const head = Buffer.alloc(long ? 12 : 8);
  head.writeUInt16LE(group, 0);
  head.writeUInt16LE(number, 2);
  head.write(vr, 4, 'latin1');
  if (long) head.writeUInt32LE(bytes.length, 8);
  else head.writeUInt16LE(bytes.length, 6);
  return Buffer.concat([head, bytes]);
}

function u16(value) {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
