import { Registry } from 'prom-client';
import { Tally } from './tally.ts';

function made() {
  const registry = new Registry();
  const help = 'Things by kind and colour.';
  const labelNames = ['kind', 'colour'];
  return {
    registry,
    tally: new Tally({ name: 'things', help, labelNames, registers: [registry] }),
  };
}

const lines = async (registry: Registry): Promise<string[]> =>
  (await registry.metrics()).split('\n').filter(line => line.startsWith('things'));

describe('a tally', () => {
  it('shows what was added, each combination of labels by itself', async () => {
    const { registry, tally } = made();
    tally.add(1, 'a', 'red');
    tally.add(2, 'a', 'blue');
    tally.add(3, 'b', 'red');
    tally.add(4, 'a', 'red');
    expect(await lines(registry)).toEqual([
      'things{kind="a",colour="red"} 5',
      'things{kind="a",colour="blue"} 2',
      'things{kind="b",colour="red"} 3',
    ]);
  });

  it('goes on counting when it is read', async () => {
    const { registry, tally } = made();
    tally.add(1, 'a', 'red');
    expect(await lines(registry)).toEqual(['things{kind="a",colour="red"} 1']);
    expect(await lines(registry)).toEqual(['things{kind="a",colour="red"} 1']);
    tally.add(1, 'a', 'red');
    expect(await lines(registry)).toEqual(['things{kind="a",colour="red"} 2']);
  });

  it('shows a combination that counts nothing yet, and none that was never named', async () => {
    const { registry, tally } = made();
    expect(await lines(registry)).toEqual([]);
    tally.add(0, 'a', 'red');
    expect(await lines(registry)).toEqual(['things{kind="a",colour="red"} 0']);
  });
});
