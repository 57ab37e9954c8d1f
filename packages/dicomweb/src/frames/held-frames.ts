import type { StoredFrame } from './stored-frame.ts';

interface Held {
  readonly frame: StoredFrame;
  /** The series. */
  readonly group: string;
}

/**
 * Frames in memory, up to a number of bytes: those that came before anybody asked, and those that were asked for
 * lately (a study that is opened again needs them once more). The latter give way first.
 */
export class HeldFrames {
  readonly #maxBytes: number;
  /** In the order of use, the oldest first. */
  readonly #used = new Map<string, Held>();
  readonly #unused = new Map<string, Held>();
  readonly #counts = new Map<string, number>();
  #usedBytes = 0;
  #unusedBytes = 0;
  #onRoom: (() => void) | undefined;
  #room: Promise<void> | undefined;

  /** @param maxBytes - what may be held. One frame that is larger than that is held alone, until it is used. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Frames that nobody asked for fill the space. */
  get isFull(): boolean {
    return this.#unusedBytes >= this.#maxBytes;
  }

  get bytes(): number {
    return this.#usedBytes + this.#unusedBytes;
  }

  has(key: string): boolean {
    return this.#used.has(key) || this.#unused.has(key);
  }

  /** How many frames of a group are held. */
  count(group: string): number {
    return this.#counts.get(group) ?? 0;
  }

  /** A frame that is held; it stays, as long as there is space for it. */
  use(key: string): StoredFrame | undefined {
    const held = this.#unused.get(key) ?? this.#used.get(key);
    if (held) this.putUsed(key, held.frame, held.group);
    return held?.frame;
  }

  /** Keeps a frame that somebody has. */
  putUsed(key: string, frame: StoredFrame, group: string): void {
    this.#remove(key);
    this.#used.set(key, { frame, group });
    this.#usedBytes += frame.bytes.byteLength;
    this.#count(group, 1);
    this.#makeSpace();
  }

  /** Keeps a frame that nobody asked for yet. */
  putUnused(key: string, frame: StoredFrame, group: string): void {
    if (this.has(key)) return;
    this.#unused.set(key, { frame, group });
    this.#unusedBytes += frame.bytes.byteLength;
    this.#count(group, 1);
    this.#makeSpace();
  }

  /** Fulfilled as soon as it is not full. */
  async room(): Promise<void> {
    if (!this.isFull) return;
    this.#room ??= new Promise(resolve => {
      this.#onRoom = resolve;
    });
    await this.#room;
  }

  /** Forgets frames that nobody asked for. */
  dropUnused(): void {
    for (const key of [...this.#unused.keys()]) this.#remove(key);
  }

  clear(): void {
    for (const key of [...this.#used.keys()]) this.#remove(key);
    this.dropUnused();
  }

  #remove(key: string): void {
    const used = this.#used.get(key);
    if (used) this.#usedBytes -= used.frame.bytes.byteLength;
    const unused = this.#unused.get(key);
    if (unused) this.#unusedBytes -= unused.frame.bytes.byteLength;
    const group = (used ?? unused)?.group;
    if (group === undefined) return;
    this.#used.delete(key);
    this.#unused.delete(key);
    this.#count(group, -1);
    if (!this.isFull) this.#tellRoom();
  }

  #count(group: string, more: 1 | -1): void {
    const count = this.count(group) + more;
    if (count === 0) this.#counts.delete(group);
    else this.#counts.set(group, count);
  }

  #makeSpace(): void {
    for (const key of this.#used.keys()) {
      if (this.bytes <= this.#maxBytes) return;
      this.#remove(key);
    }
  }

  #tellRoom(): void {
    this.#onRoom?.();
    this.#onRoom = undefined;
    this.#room = undefined;
  }
}
