import { mkdir, open, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** An element in Explicit VR Little Endian. @see PS3.5 7.1.2 */
function element(group, number, vr, value) {
  const isLong = vr === 'OB';
  const head = Buffer.alloc(isLong ? 12 : 8);
  head.writeUInt16LE(group, 0);
  head.writeUInt16LE(number, 2);
  head.write(vr, 4, 'latin1');
  if (isLong) head.writeUInt32LE(value.length, 8);
  else head.writeUInt16LE(value.length, 6);
  return Buffer.concat([head, value]);
}

const text = (value, pad) => Buffer.from(value.length % 2 ? value + pad : value, 'latin1');
const uid = value => text(value, '\0');

/** What stands before the pixels of an instance. */
function beginning(index) {
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM'),
    element(0x0002, 0x0010, 'UI', uid('1.2.840.10008.1.2.1')),
    element(0x0008, 0x0016, 'UI', uid('1.2.840.10008.5.1.4.1.1.7')),
    element(0x0008, 0x0018, 'UI', uid(`2.25.7000.1.${index + 1}`)),
    element(0x0010, 0x0020, 'LO', text('SYNTHETIC', ' ')),
    element(0x0020, 0x000d, 'UI', uid('2.25.7000')),
    element(0x0020, 0x000e, 'UI', uid(`2.25.7000.${1 + (index % 4)}`)),
  ]);
}

/** Writes instances of a study, each of about so many bytes. */
export async function writeBenchFiles(folder, count, fileBytes) {
  await mkdir(folder, { recursive: true });
  const pixels = Buffer.alloc(fileBytes - 400);
  for (let at = 0; at < pixels.length; at += 1) pixels[at] = (at * 2654435761) >>> 24;
  for (let index = 0; index < count; index += 1) {
    const bytes = Buffer.concat([beginning(index), element(0x7fe0, 0x0010, 'OB', pixels)]);
    await writeFile(path.join(folder, `${index}`.padStart(5, '0')), bytes);
  }
}

/** Writes one instance of so many bytes, which is a hole in the file but for its beginning. */
export async function writeLargeFile(folder, bytes) {
  await mkdir(folder, { recursive: true });
  const head = beginning(0);
  const pixelHead = element(0x7fe0, 0x0010, 'OB', Buffer.alloc(0));
  pixelHead.writeUInt32LE(bytes - head.length - pixelHead.length, 8);
  const file = await open(path.join(folder, 'large'), 'w');
  await file.write(Buffer.concat([head, pixelHead]));
  await file.truncate(bytes);
  await file.close();
}
