import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { imageInstance } from './image-instance.ts';

/** A request for frames, for an instance, or for the series. */
export interface ArchiveRequest {
  readonly kind: 'series' | 'instance' | 'frames';
  readonly sopInstanceUID: string;
  readonly frames: readonly number[];
  readonly authorization: string | undefined;
  /** The answer is complete, or the line is lost. */
  isOver: boolean;
}

/** What is done instead of the right answer. */
export type Fault =
  | { readonly status: number; readonly headers?: Record<string, string> }
  /** The line is lost at once, or in the middle of the answer. */
  | 'drop'
  | 'cut'
  /** The answer ends well, after so many parts. */
  | { readonly parts: number }
  /** It waits for `release`. */
  | 'hold';

/** The streamed answer to a request for the series, as the test has it. */
export interface SeriesStream {
  /** Sends instances, by their indices; fulfilled when they have left. */
  send(...indices: number[]): Promise<void>;
  end(): void;
  cut(): void;
}

export interface FrameArchiveOptions {
  readonly instances: number;
  readonly framesOfEach?: number;
  /** Of one frame, in bytes; a multiple of 1024, or below. */
  readonly frameBytes?: number;
  /** Another form of instance than native explicit little endian. */
  readonly instanceOf?: (index: number) => Uint8Array;
}

/** An archive with one series on a real port. Closes itself with `await using`. */
export interface FrameArchive extends AsyncDisposable {
  readonly url: string;
  readonly uids: { readonly studyInstanceUID: string; readonly seriesInstanceUID: string };
  readonly outline: {
    readonly studyInstanceUID: string;
    readonly seriesInstanceUID: string;
    readonly instances: number;
    readonly frames: number;
    readonly frameBytes: number;
  };
  readonly requests: ArchiveRequest[];
  /** Asked for each request, in order, until one has something to say. */
  readonly faults: ((request: ArchiveRequest) => Fault | undefined)[];
  resource(index: number, frame?: number): ReturnType<typeof resourceOf>;
  pixels(index: number, frame?: number): Uint8Array;
  /** The stream that was asked for as the n-th; 1 is the first. */
  stream(nth?: number): Promise<SeriesStream>;
  /** Fulfilled as soon as the requests are as wanted. */
  until(isSo: (requests: readonly ArchiveRequest[]) => boolean): Promise<void>;
  /** Answers all that were held. */
  release(): void;
}

const UIDS = { studyInstanceUID: '2.25.100', seriesInstanceUID: '2.25.200' } as const;
const EDGE = 'edge';
const resourceOf = (index: number, frame: number) => ({
  ...UIDS,
  sopInstanceUID: `2.25.300.${index + 1}`,
  frame,
});
const indexOf = (sopInstanceUID: string): number => Number(sopInstanceUID.split('.').at(-1)) - 1;

/** Starts an archive on a free port of 127.0.0.1. */
export async function startFrameArchive(options: FrameArchiveOptions): Promise<FrameArchive> {
  const { instances, framesOfEach = 1, frameBytes = 64 } = options;
  const pixels = (index: number, frame = 1): Uint8Array =>
    new Uint8Array(frameBytes).fill((index * 17 + frame) % 251);
  const instanceOf =
    options.instanceOf ??
    ((index: number) =>
      imageInstance({
        sopInstanceUID: resourceOf(index, 1).sopInstanceUID,
        rows: Math.ceil(frameBytes / 1024),
        columns: Math.min(frameBytes, 1024),
        frames: String(framesOfEach),
        pixels: Buffer.concat(
          Array.from({ length: framesOfEach }, (_, at) => pixels(index, at + 1))
        ),
      }));
  const requests: ArchiveRequest[] = [];
  const faults: FrameArchive['faults'] = [];
  const streams: SeriesStream[] = [];
  let held: (() => void)[] = [];
  let watchers: (() => boolean)[] = [];
  const changed = (): void => {
    watchers = watchers.filter(isOver => !isOver());
  };
  const watch = <Found>(find: () => Found | undefined): Promise<Found> =>
    new Promise(resolve => {
      watchers.push(() => {
        const found = find();
        if (found !== undefined) resolve(found);
        return found !== undefined;
      });
      changed();
    });

  const head = (response: ServerResponse): void => {
    response.writeHead(200, { 'Content-Type': `multipart/related; boundary=${EDGE}` });
    response.write(`--${EDGE}`);
  };
  // With the boundary behind it, by which a reader knows its end.
  const part = (type: string, bytes: Uint8Array): Buffer =>
    Buffer.concat([
      Buffer.from(`\r\nContent-Type: ${type}\r\n\r\n`),
      bytes,
      Buffer.from(`\r\n--${EDGE}`),
    ]);
  const sendFrames = (response: ServerResponse, request: ArchiveRequest, parts: number): void => {
    const index = indexOf(request.sopInstanceUID);
    if (index >= instances || request.frames.some(frame => frame > framesOfEach)) {
      response.writeHead(404).end();
      return;
    }
    head(response);
    for (const frame of request.frames.slice(0, parts)) {
      const type = 'application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1';
      response.write(part(type, pixels(index, frame)));
    }
    response.end('--\r\n');
  };
  const sendInstance = (response: ServerResponse, { sopInstanceUID }: ArchiveRequest): void => {
    head(response);
    response.write(part('application/dicom', instanceOf(indexOf(sopInstanceUID))));
    response.end('--\r\n');
  };
  const openStream = (response: ServerResponse): void => {
    head(response);
    streams.push({
      send: (...indices) =>
        Promise.all(
          indices.map(
            index =>
              new Promise<void>(resolve => {
                response.write(part('application/dicom', instanceOf(index)), () => resolve());
              })
          )
        ).then(() => undefined),
      end: () => void response.end('--\r\n'),
      cut: () => void response.destroy(),
    });
  };

  const server = createServer((incoming, response) => {
    const path = incoming.url ?? '';
    const [, sopInstanceUID = '', list = ''] =
      /\/instances\/([^/]+)(?:\/frames\/([\d,]+))?$/.exec(path) ?? [];
    const request: ArchiveRequest = {
      kind: list ? 'frames' : sopInstanceUID ? 'instance' : 'series',
      sopInstanceUID,
      frames: list ? list.split(',').map(Number) : [],
      authorization: incoming.headers.authorization,
      isOver: false,
    };
    requests.push(request);
    response.on('close', () => {
      request.isOver = true;
      changed();
    });
    const fault = faults.map(rule => rule(request)).find(said => said !== undefined);
    const answer = (parts: number): void =>
      request.kind === 'series'
        ? openStream(response)
        : request.kind === 'instance'
          ? sendInstance(response, request)
          : sendFrames(response, request, parts);
    if (fault === 'drop') incoming.socket.destroy();
    else if (fault === 'hold') held.push(() => answer(Number.POSITIVE_INFINITY));
    else if (fault === 'cut') {
      head(response);
      response.write('\r\n\r\nhalf', () => setImmediate(() => response.destroy()));
    } else if (fault && 'status' in fault) response.writeHead(fault.status, fault.headers).end();
    else answer(fault?.parts ?? Number.POSITIVE_INFINITY);
    changed();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2`,
    uids: UIDS,
    outline: { ...UIDS, instances, frames: instances * framesOfEach, frameBytes },
    requests,
    faults,
    resource: (index, frame = 1) => resourceOf(index, frame),
    pixels,
    stream: (nth = 1) => watch(() => streams[nth - 1]),
    until: isSo => watch(() => isSo(requests) || undefined).then(() => undefined),
    release() {
      const answers = held;
      held = [];
      answers.forEach(answer => answer());
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}
