/**
 * A DICOM service that stores nothing: takes Store requests as fast as it can and answers that all is stored. Run as a process of
 * its own: `node sink.js <instances> [<bytes a second>] [<milliseconds to the answer>]`; prints its port.
 *
 * It speaks HTTP/1.1 over plain sockets, so that it is not what is measured.
 */
import { createServer } from 'node:net';

const instances = Number(process.argv[2]);
const bytesPerSecond = Number(process.argv[3] ?? 0);
const answerMs = Number(process.argv[4] ?? 0);
const ref = { '00081155': { vr: 'UI', Value: ['1.2.3'] } };
const body = JSON.stringify({
  '00081199': { vr: 'SQ', Value: Array.from({ length: instances }, () => ref) },
});
const answer = `HTTP/1.1 200 OK\r\nContent-Type: application/dicom+json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const HEAD_END = '\r\n\r\n';
const LAST_CHUNK = Buffer.from('\r\n0\r\n\r\n');

createServer({ noDelay: true }, socket => {
  let head = Buffer.alloc(0);
  let left = 0; // of a body with a length
  let tail = Buffer.alloc(0); // of a chunked one
  let state = 'head';
  const finish = () => {
    state = 'head';
    tail = Buffer.alloc(0);
    if (answerMs === 0) socket.write(answer);
    else setTimeout(() => socket.write(answer), answerMs);
  };
  const take = bytes => {
    if (state === 'length') {
      left -= bytes.length;
      if (left <= 0) finish();
    } else {
      tail = Buffer.concat([tail, bytes.subarray(-LAST_CHUNK.length)]).subarray(-LAST_CHUNK.length);
      if (tail.equals(LAST_CHUNK)) finish();
    }
  };
  const readHead = bytes => {
    head = Buffer.concat([head, bytes]);
    const end = head.indexOf(HEAD_END);
    if (end < 0) return;
    const text = head.toString('latin1', 0, end);
    const rest = head.subarray(end + HEAD_END.length);
    head = Buffer.alloc(0);
    if (/^expect: 100-continue/im.test(text)) socket.write('HTTP/1.1 100 Continue\r\n\r\n');
    const length = /^content-length: (\d+)/im.exec(text)?.[1];
    state = length === undefined ? 'chunked' : 'length';
    left = Number(length ?? 0);
    if (rest.length > 0 || (state === 'length' && left === 0)) take(rest);
  };
  socket.on('data', bytes => {
    if (state === 'head') readHead(bytes);
    else take(bytes);
    if (bytesPerSecond > 0 && bytes.length > 0) {
      socket.pause();
      setTimeout(() => socket.resume(), (bytes.length / bytesPerSecond) * 1000);
    }
  });
  socket.on('error', () => socket.destroy());
}).listen(0, '127.0.0.1', function () {
  console.log(this.address().port);
});
