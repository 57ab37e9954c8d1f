/** Sends Store requests as Orthanc's plugin does: chunked, parts with Content-Length, chunks of 65,524 bytes. */
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';

const CHUNK_BYTES = 65_524;

const chunk = bytes =>
  Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);

/** The bytes of one part, in HTTP chunks. */
function encodedPart(boundary, content, isFirst) {
  const head = `${isFirst ? '' : '\r\n'}--${boundary}\r\nContent-Type: application/dicom\r\nContent-Length: ${content.length}\r\n\r\n`;
  const chunks = [chunk(Buffer.from(head))];
  for (let at = 0; at < content.length; at += CHUNK_BYTES) {
    chunks.push(chunk(content.subarray(at, at + CHUNK_BYTES)));
  }
  return Buffer.concat(chunks);
}

/** A CT instance with so many bytes of pixels: what the service needs to store it, and a UID of fixed length. */
export function instance(bytes, number = 0) {
  const element = (group, tag, vr, text) => {
    const value = Buffer.from(text.length % 2 === 0 ? text : `${text}${vr === 'UI' ? '\0' : ' '}`);
    const head = Buffer.alloc(8);
    head.writeUInt16LE(group, 0);
    head.writeUInt16LE(tag, 2);
    head.write(vr, 4);
    head.writeUInt16LE(value.length, 6);
    return Buffer.concat([head, value]);
  };
  const sopClassUID = '1.2.840.10008.5.1.4.1.1.2';
  const sopInstanceUID = `2.25.77.${1_000_000 + number}`;
  const meta = Buffer.concat([
    element(2, 2, 'UI', sopClassUID),
    element(2, 3, 'UI', sopInstanceUID),
    element(2, 0x10, 'UI', '1.2.840.10008.1.2.1'),
  ]);
  const groupLength = Buffer.from([2, 0, 0, 0, 0x55, 0x4c, 4, 0, 0, 0, 0, 0]);
  groupLength.writeUInt32LE(meta.length, 8);
  const pixelHead = Buffer.alloc(12);
  pixelHead.writeUInt16LE(0x7fe0, 0);
  pixelHead.writeUInt16LE(0x10, 2);
  pixelHead.write('OW\0\0', 4);
  pixelHead.writeUInt32LE(bytes, 8);
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM'),
    groupLength,
    meta,
    element(8, 0x16, 'UI', sopClassUID),
    element(8, 0x18, 'UI', sopInstanceUID),
    element(8, 0x60, 'CS', 'CT'),
    element(0x10, 0x20, 'LO', 'SYNTHETIC'),
    element(0x20, 0xd, 'UI', '2.25.77'),
    element(0x20, 0xe, 'UI', '2.25.77.1'),
    pixelHead,
    Buffer.alloc(bytes, 7),
  ]);
}

/** One connection on which requests go one after the other. */
export class Sender {
  #socket;
  #path;
  #port;
  #answer = '';
  #onAnswer;

  constructor(port, path) {
    this.#port = port;
    this.#path = path;
  }

  async open() {
    this.#socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true });
    this.#socket.setEncoding('latin1');
    this.#socket.on('data', text => this.#read(text));
    this.#socket.on('error', error => this.#onAnswer?.reject(error));
    await new Promise((resolve, reject) => {
      this.#socket.once('connect', resolve).once('error', reject);
    });
    return this;
  }

  close() {
    this.#socket.destroy();
  }

  /** Sends as many parts; resolves with the status. */
  async store(content, parts) {
    const boundary = `${randomUUID()}-${randomUUID()}`;
    const answered = new Promise((resolve, reject) => (this.#onAnswer = { resolve, reject }));
    this.#socket.write(
      `POST ${this.#path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/dicom+json\r\nContent-Type: multipart/related; type="application/dicom"; boundary=${boundary}\r\nTransfer-Encoding: chunked\r\n\r\n`
    );
    const first = encodedPart(boundary, content, true);
    const more = encodedPart(boundary, content, false);
    for (let part = 0; part < parts; part += 1) {
      if (!this.#socket.write(part === 0 ? first : more)) {
        await new Promise(resolve => this.#socket.once('drain', resolve));
      }
    }
    this.#socket.write(
      Buffer.concat([chunk(Buffer.from(`\r\n--${boundary}--`)), Buffer.from('0\r\n\r\n')])
    );
    return await answered;
  }

  #read(text) {
    this.#answer += text;
    const end = this.#answer.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = this.#answer.slice(0, end);
    const length = /^content-length: (\d+)/im.exec(head)?.[1];
    const isWhole =
      length === undefined
        ? this.#answer.endsWith('\r\n0\r\n\r\n')
        : this.#answer.length >= end + 4 + Number(length);
    if (!isWhole) return;
    const status = Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]);
    this.#answer = '';
    this.#onAnswer?.resolve(status);
  }
}
