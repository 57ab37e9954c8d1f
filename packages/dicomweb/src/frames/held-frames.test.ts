import { HeldFrames } from './held-frames.ts';
import type { StoredFrame } from './stored-frame.ts';

const frame = (length: number): StoredFrame => ({
  bytes: new Uint8Array(length),
  transferSyntaxUID: undefined,
});

describe('HeldFrames', () => {
  it('what was used longest ago gives way first, and before what nobody asked for yet', () => {
    const held = new HeldFrames(30);
    held.putUsed('a', frame(10), 's');
    held.putUsed('b', frame(10), 's');
    held.putUnused('c', frame(10), 's');
    held.use('a');
    held.putUnused('d', frame(10), 's');
    expect(['a', 'b', 'c', 'd'].map(key => held.has(key))).toEqual([true, false, true, true]);
    expect(held.bytes).toBe(30);
    expect(held.count('s')).toBe(3);
  });

  it('is full when what nobody asked for fills it, and tells when there is room', async () => {
    const held = new HeldFrames(20);
    held.putUnused('a', frame(10), 's');
    expect(held.isFull).toBe(false);
    await held.room();
    held.putUnused('b', frame(15), 's');
    expect(held.isFull).toBe(true);
    let isThereRoom = false;
    const told = held.room().then(() => {
      isThereRoom = true;
    });
    await Promise.resolve();
    expect(isThereRoom).toBe(false);
    held.use('b');
    await told;
    expect(held.isFull).toBe(false);
  });

  it('the same frame twice counts once', () => {
    const held = new HeldFrames(100);
    held.putUnused('a', frame(10), 's');
    held.putUnused('a', frame(10), 's');
    held.putUsed('a', frame(10), 's');
    held.putUnused('a', frame(10), 's');
    expect([held.bytes, held.count('s')]).toEqual([10, 1]);
    held.clear();
    expect([held.bytes, held.count('s'), held.has('a')]).toEqual([0, 0, false]);
  });

  it('dropUnused keeps what was used', () => {
    const held = new HeldFrames(100);
    held.putUsed('a', frame(10), 's');
    held.putUnused('b', frame(10), 't');
    held.dropUnused();
    expect([held.has('a'), held.has('b'), held.bytes, held.count('t')]).toEqual([
      true,
      false,
      10,
      0,
    ]);
  });
});
