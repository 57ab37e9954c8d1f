import type { DicomJson } from '@ohif-azure/dicomweb';
import { readableReport } from './reportContent.ts';

const sequence = (...items: DicomJson[]) => ({ vr: 'SQ', Value: items });
const code = (value: string, meaning: string) =>
  sequence({
    '00080100': { vr: 'SH', Value: [value] },
    '00080104': { vr: 'LO', Value: [meaning] },
  });
const type = (value: string) => ({ vr: 'CS', Value: [value] });
const report = (content: DicomJson[], title = code('11528-7', 'Report')): DicomJson => ({
  '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.88.33'] },
  '0040A043': title,
  '0040A730': sequence(...content),
});
const meaningsOf = (item: DicomJson): unknown[] =>
  (item['0040A730']?.Value as DicomJson[]).flatMap(each => [
    (each['0040A043']?.Value as DicomJson[])[0]?.['00080104']?.Value?.[0],
    ...(each['0040A730'] ? meaningsOf(each) : []),
  ]);

it('PS3.3 C.17.3.2: an image needs no concept name; the stock viewport does', () => {
  const image: DicomJson = { '0040A040': type('IMAGE') };
  const container: DicomJson = { '0040A040': type('CONTAINER'), '0040A730': sequence(image) };
  expect(meaningsOf(readableReport(report([image, container])))).toEqual([
    'IMAGE',
    'CONTAINER',
    'IMAGE',
  ]);
});

it('keeps the names that are there, and all else', () => {
  const text: DicomJson = {
    '0040A040': type('TEXT'),
    '0040A043': code('121071', 'Finding'),
    '0040A160': { vr: 'UT', Value: ['Normal.'] },
  };
  expect(readableReport(report([text]))).toEqual(report([text]));
});

it('a number without a unit has an empty one', () => {
  const number: DicomJson = {
    '0040A040': type('NUM'),
    '0040A043': code('1', 'Count'),
    '0040A300': sequence({ '0040A30A': { vr: 'DS', Value: [3] } }),
  };
  const [item] = readableReport(report([number]))['0040A730']?.Value as DicomJson[];
  const [measured] = item?.['0040A300']?.Value as DicomJson[];
  expect(measured).toMatchObject({ '0040A30A': { Value: [3] }, '004008EA': { vr: 'SQ' } });
});

it.each<[string, DicomJson]>([
  [
    'a report of measurements (TID 1500)',
    report([{ '0040A040': type('IMAGE') }], code('126000', 'Imaging Measurement Report')),
  ],
  ['an image', { '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.2'] } }],
  ['nothing', {}],
])('%s stays as it is', (_name, instance) => {
  expect(readableReport(instance)).toBe(instance);
});
