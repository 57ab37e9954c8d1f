import { JsonArrayError, readJsonArray } from './json-array-stream.ts';
import { Pace, yieldToTasks } from './pace.ts';

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array, void> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(text: string, size: number): Promise<unknown[]> {
  const found: unknown[] = [];
  const body = pieces(Buffer.from(text), size);
  for await (const one of readJsonArray(body, new Pace())) found.push(one);
  return found;
}

const VALID: readonly (readonly [string, unknown[]])[] = [
  ['empty', []],
  ['one empty object', [{}]],
  [
    'objects, nested (PS3.18 F.2)',
    [{ '00080018': { vr: 'UI', Value: ['1.2'] } }, { a: { b: [{}] } }],
  ],
  ['arrays in arrays', [{ a: [[1, [2, []]], [{}]] }, { b: [] }]],
  ['brackets and commas in strings', [{ a: '[{,}]', '}': ']' }, { b: '"[' }]],
  ['escapes (RFC 8259 7)', [{ a: '\\', b: '\\"', c: '"\\\\"', d: '\u0000\n\t', '\\': 1 }]],
  ['UTF-8 of two, three and four bytes', [{ a: 'é', b: '山田', c: '𝄞' }, { ü: '한' }]],
  ['numbers and literals', [{ a: -1.5e10, b: true, c: null, d: 0 }]],
];

const INVALID: readonly (readonly [string, string])[] = [
  ['nothing', ''],
  ['white space', ' \n'],
  ['an object', '{"a":1}'],
  ['a string', '"[]"'],
  ['a number in the array', '[1]'],
  ['a string in the array', '["a"]'],
  ['an array in the array', '[[]]'],
  ['no comma', '[{}{}]'],
  ['a comma too many', '[{},]'],
  ['a comma first', '[,{}]'],
  ['two arrays', '[][]'],
  ['something behind the end', '[{}]x'],
  ['a brace for a bracket at its end', '[{}}'],
  ['a bracket for a brace', '[{]'],
  ['a broken object', '[{"a":}]'],
  ['HTML', '<html>[{}]</html>'],
];

describe('readJsonArray', () => {
  it.each(VALID)('%s: as JSON.parse, cut into pieces of any size', async (_, value) => {
    for (const text of [JSON.stringify(value), ` ${JSON.stringify(value, null, '\t')}\r\n`]) {
      for (let size = 1; size <= Buffer.byteLength(text); size += 1) {
        expect(await read(text, size)).toEqual(JSON.parse(text));
      }
    }
  });

  it('escapes as other writers have them', async () => {
    const text = String.raw`[{"a":"\u00e9\ud834\udd1e\/\b","b":"\\\\\""}]`;
    for (let size = 1; size <= text.length; size += 1) {
      expect(await read(text, size)).toEqual(JSON.parse(text));
    }
  });

  it.each(INVALID)('refused: %s', async (_, text) => {
    for (const size of [1, 2, 1_000]) {
      await expect(read(text, size)).rejects.toBeInstanceOf(JsonArrayError);
    }
  });

  it('refused: cut anywhere', async () => {
    const text = JSON.stringify([{ a: 'x"]' }, { b: [1, 2] }]);
    for (let length = 0; length < text.length; length += 1) {
      await expect(read(text.slice(0, length), 1_000)).rejects.toBeInstanceOf(JsonArrayError);
    }
  });

  it('gives what was whole before the cut', async () => {
    const found: unknown[] = [];
    const reading = (async () => {
      const body = pieces(Buffer.from('[{"a":1},{"b":2},{"c"'), 4);
      for await (const one of readJsonArray(body, new Pace())) found.push(one);
    })();
    await expect(reading).rejects.toThrow('the JSON array ends before its end');
    expect(found).toEqual([{ a: 1 }, { b: 2 }]);
  });

  it('a long body that is there already gives way to other tasks', async () => {
    const text = Buffer.from(JSON.stringify(Array.from({ length: 2_000 }, (_, a) => ({ a }))));
    let turns = 0;
    let isOver = false;
    const count = (): void => {
      turns += 1;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    // An object takes a millisecond.
    let nowMs = 0;
    const pace = new Pace(yieldToTasks, () => (nowMs += 1));
    let found = 0;
    for await (const _ of readJsonArray(pieces(text, text.length), pace)) found += 1;
    isOver = true;
    expect(found).toBe(2_000);
    expect(turns).toBeGreaterThanOrEqual(50);
  });
});
