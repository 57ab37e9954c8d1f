import type { DataSource, DicomDict, NaturalizedDataset } from '../ohif.ts';

/**
 * A data set as a Part 10 file, written by the viewer's own dcmjs: a drop-in module cannot import it, but the
 * stock data source writes the file into the request that it is given, and this request keeps it.
 */
export async function writePart10(
  inner: DataSource,
  dataset: NaturalizedDataset | ArrayBuffer,
  dicomDict?: DicomDict
): Promise<Uint8Array> {
  if (dataset instanceof ArrayBuffer) return new Uint8Array(dataset);
  // The stock source has no client before the first route that uses it.
  if (!inner.getConfig?.()) inner.initialize({ params: {}, query: new URLSearchParams() });
  const request = new CapturingRequest();
  await inner.store.dicom(dataset, request as unknown as XMLHttpRequest, dicomDict);
  return request.part();
}

/** As much of XMLHttpRequest as dicomweb-client touches; nothing leaves the page. */
class CapturingRequest {
  status = 0;
  readyState = 0;
  readonly response = '';
  responseType = '';
  readonly upload = {};
  onreadystatechange?: () => void;
  #contentType = '';
  #body: Uint8Array = new Uint8Array();

  open() {
    this.readyState = 1;
  }

  setRequestHeader(name: string, value: string) {
    if (name.toLowerCase() === 'content-type') this.#contentType = value;
  }

  getResponseHeader(): null {
    return null;
  }

  send(body: ArrayBuffer | Uint8Array) {
    this.#body = body instanceof Uint8Array ? body : new Uint8Array(body);
    this.readyState = 4;
    this.status = 200;
    this.onreadystatechange?.();
  }

  /** The one part of the multipart body. */
  part(): Uint8Array {
    const boundary = /boundary="?([^";]+)/.exec(this.#contentType)?.[1];
    const start = indexOf(this.#body, '\r\n\r\n', 0) + 4;
    const end = lastIndexOf(this.#body, `\r\n--${boundary}`);
    if (!boundary || start < 4 || end < start) {
      throw new Error('The viewer did not write the object as a DICOM file.');
    }
    return this.#body.slice(start, end);
  }
}

function indexOf(bytes: Uint8Array, text: string, from: number): number {
  for (let at = from; at + text.length <= bytes.length; at += 1) {
    if (matches(bytes, text, at)) return at;
  }
  return -1;
}

function lastIndexOf(bytes: Uint8Array, text: string): number {
  for (let at = bytes.length - text.length; at >= 0; at -= 1) {
    if (matches(bytes, text, at)) return at;
  }
  return -1;
}

function matches(bytes: Uint8Array, text: string, at: number): boolean {
  for (let i = 0; i < text.length; i += 1) {
    if (bytes[at + i] !== text.charCodeAt(i)) return false;
  }
  return true;
}
