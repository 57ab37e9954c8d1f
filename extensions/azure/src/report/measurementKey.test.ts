import type { Measurement } from '../ohif.ts';
import { keyOf } from './measurementKey.ts';

const drawn: Measurement = {
  uid: 'a',
  points: [
    [1, 2, 3],
    [4, 5, 6],
  ],
  modifiedTimestamp: 1,
};

it.each<[string, Measurement, boolean]>([
  ['drawn again by the viewer', { ...drawn, modifiedTimestamp: 2 }, true],
  [
    'less than a thousandth of a millimetre off',
    {
      ...drawn,
      points: [
        [1.0001, 2, 3],
        [4, 5, 6],
      ],
    },
    true,
  ],
  [
    'moved',
    {
      ...drawn,
      points: [
        [1.5, 2, 3],
        [4, 5, 6],
      ],
    },
    false,
  ],
  ['given a label', { ...drawn, label: 'Nodule' }, false],
  ['given a finding', { ...drawn, finding: { CodeValue: '27925004' } }, false],
  ['another one', { ...drawn, uid: 'b' }, false],
])('%s', (_case, measurement, isSame) => {
  expect(keyOf(measurement) === keyOf(drawn)).toBe(isSame);
});
