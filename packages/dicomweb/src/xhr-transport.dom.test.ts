import { xhrTransport } from './xhr-transport.ts';

/** What a test does to a request in place of the network. */
type Play = (xhr: FakeXHR) => void;

/** As much of XMLHttpRequest as the transport uses. The events are those that Chromium was seen to send. */
class FakeXHR {
  readonly upload: { onprogress?: (event: { loaded: number }) => void; onload?: () => void } = {};
  readonly sentHeaders: Record<string, string> = {};
  readonly play: Play;
  responseType = '';
  readyState = 0;
  status = 0;
  response: ArrayBuffer | null = null;
  body: Blob | undefined;
  opened: string[] = [];
  wasAborted = false;
  onreadystatechange?: () => void;
  onload?: () => void;
  onerror?: () => void;
  onabort?: () => void;
  ontimeout?: () => void;

  constructor(play: Play) {
    this.play = play;
  }
  open(...opened: string[]): void {
    this.opened = opened;
  }
  setRequestHeader(name: string, value: string): void {
    this.sentHeaders[name] = value;
  }
  getResponseHeader(name: string): string | null {
    return name.toLowerCase() === 'retry-after' ? '5' : null;
  }
  send(body?: Blob): void {
    this.body = body;
    this.play(this);
  }
  abort(): void {
    this.wasAborted = true;
    this.onabort?.();
  }
  becomes(readyState: number, status: number): void {
    this.readyState = readyState;
    this.status = status;
    this.onreadystatechange?.();
  }
  sendsWhole(): void {
    this.upload.onprogress?.({ loaded: 3 });
    this.upload.onload?.();
  }
  fails(): void {
    this.becomes(4, 0);
    this.onerror?.();
  }
}

const code = 'ERR_DICOMWEB_TRANSPORT';
const BODY = [Uint8Array.of(1, 2), Uint8Array.of(3)];
const REQUEST = {
  method: 'POST',
  url: 'http://h/v2/studies',
  headers: { A: 'b' },
  body: BODY,
} as const;

function send(play: Play, request: object = {}) {
  const xhr = new FakeXHR(play);
  const answer = xhrTransport(() => xhr as unknown as XMLHttpRequest).send({
    ...REQUEST,
    ...request,
  });
  return { xhr, answer };
}

describe('xhrTransport', () => {
  it('gives status, headers and bytes, and sends the pieces as one body', async () => {
    const progress: number[] = [];
    const { xhr, answer } = send(
      it => {
        it.sendsWhole();
        it.becomes(2, 202);
        it.response = Uint8Array.of(9).buffer;
        it.becomes(4, 202);
        it.onload?.();
      },
      { onUploadProgress: (sent: number) => progress.push(sent) }
    );
    const response = await answer;
    expect(response.status).toBe(202);
    expect(response.headers.get('Retry-After')).toBe('5');
    expect(response.headers.get('x-other')).toBeNull();
    expect(Array.from(await response.bytes())).toEqual([9]);
    expect(xhr.opened).toEqual(['POST', 'http://h/v2/studies']);
    expect(xhr.sentHeaders).toEqual({ A: 'b' });
    expect(xhr.body?.size).toBe(3);
    expect(progress).toEqual([3]);
  });

  const LOST: readonly (readonly [string, Play, object])[] = [
    ['no connection: no byte reported', it => it.fails(), { bodySent: 'no', retry: 'transient' }],
    [
      'lost in the middle of the body',
      it => {
        it.upload.onprogress?.({ loaded: 2 });
        it.fails();
      },
      { bodySent: 'no' },
    ],
    [
      'lost after the body: upload `load`',
      it => {
        it.sendsWhole();
        it.fails();
      },
      { bodySent: 'yes', retry: 'ambiguous', httpStatus: undefined },
    ],
    [
      'cut answer: status, then `error`',
      it => {
        it.sendsWhole();
        it.becomes(2, 200);
        it.fails();
      },
      { bodySent: 'yes', httpStatus: 200 },
    ],
    [
      'an answer before the whole body was reported, then `error`',
      it => {
        it.becomes(2, 409);
        it.fails();
      },
      { bodySent: 'yes', httpStatus: 409 },
    ],
    ['time-out of the browser', it => it.ontimeout?.(), { bodySent: 'no' }],
  ];
  it.each(LOST)('%s', async (_what, play, expected) => {
    await expect(send(play).answer).rejects.toMatchObject({ code, ...expected });
  });

  it('has no body to lose in a GET', async () => {
    const { xhr, answer } = send(it => it.fails(), { method: 'GET', body: undefined });
    await expect(answer).rejects.toMatchObject({ code, bodySent: 'no' });
    expect(xhr.body).toBeUndefined();
    // A listener on `upload` alone would make a simple request of another origin ask for permission first.
    expect(xhr.upload).toEqual({});
  });

  it('aborts the request, and does not know how much was sent', async () => {
    const controller = new AbortController();
    const reason = new Error('closed');
    const { xhr, answer } = send(() => undefined, { signal: controller.signal });
    controller.abort(reason);
    await expect(answer).rejects.toMatchObject({ code, bodySent: 'unknown', cause: reason });
    expect(xhr.wasAborted).toBe(true);
  });

  it('sends nothing when it is aborted already', async () => {
    const reason = new Error('closed');
    const { xhr, answer } = send(() => undefined, { signal: AbortSignal.abort(reason) });
    await expect(answer).rejects.toMatchObject({ code, bodySent: 'no', cause: reason });
    expect(xhr.opened).toEqual([]);
  });
});
