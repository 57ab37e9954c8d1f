/* What this package uses of the codecs of cornerstonejs (WebAssembly builds), which ship no types. */

export interface CodecFrameInfo {
  width: number;
  height: number;
  bitsPerSample: number;
  componentCount: number;
  isSigned: boolean;
  /** The encoder of High-Throughput JPEG 2000 alone. */
  isUsingColorTransform?: boolean;
}

export interface FrameDecoder {
  /** Memory for the compressed frame, to be filled before `decode`. */
  getEncodedBuffer(length: number): Uint8Array;
  decode(): void;
  getFrameInfo(): CodecFrameInfo;
  getDecodedBuffer(): Uint8Array;
  /** JPEG-LS alone: 0 by plane, 1 by line, 2 by sample. */
  getInterleaveMode?(): number;
  delete(): void;
}

export interface FrameEncoder {
  /** Memory for the samples, to be filled before `encode`. */
  getDecodedBuffer(info: CodecFrameInfo): Uint8Array;
  encode(): void;
  getEncodedBuffer(): Uint8Array;
  delete(): void;
}

export interface J2KEncoder extends FrameEncoder {
  setDecompositions(count: number): void;
  setQuality(lossless: boolean, quantization: number): void;
  /** 0 LRCP, 1 RLCP, 2 RPCL, 3 PCRL, 4 CPRL. */
  setProgressionOrder(order: number): void;
}

export type CodecFactory<T> = (options: {
  print(text: string): void;
  printErr(text: string): void;
}) => Promise<T>;
