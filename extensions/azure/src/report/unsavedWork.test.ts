import type { Measurement } from '../ohif.ts';
import { hasUnsavedWork, keyOf } from './unsavedWork.ts';

const drawn: Measurement = { uid: 'a', modifiedTimestamp: 1 };
const moved: Measurement = { uid: 'a', modifiedTimestamp: 2 };

it.each<[string, Measurement[], Measurement[], boolean]>([
  ['nothing drawn', [], [], false],
  ['drawn, not saved', [drawn], [], true],
  ['drawn and saved', [drawn], [drawn], false],
  ['changed after it was saved', [moved], [drawn], true],
])('%s', (_case, measurements, saved, expected) => {
  const measurementService = { getMeasurements: () => measurements };
  expect(hasUnsavedWork({ measurementService }, new Set(saved.map(keyOf)))).toBe(expected);
});
