import { createHash } from 'node:crypto';
import dcmjs from 'dcmjs';
import { SCAN } from './echo-scan.ts';
import { SEED_STUDIES } from './index.ts';
import { LESION } from './thorax-shape.ts';

type Values = Record<string, unknown>;

interface Parsed {
  readonly meta: Values;
  readonly data: Values;
  readonly bytes: Uint8Array;
}

const { DicomMessage, DicomMetaDictionary } = dcmjs.data;

function parse(bytes: Uint8Array): Parsed {
  const { buffer, byteOffset, byteLength } = bytes;
  const file = DicomMessage.readFile(
    buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer
  );
  return {
    meta: DicomMetaDictionary.naturalizeDataset(file.meta),
    data: DicomMetaDictionary.naturalizeDataset(file.dict),
    bytes,
  };
}

const studies = SEED_STUDIES.map(study => ({
  study,
  instances: [...study.instances()].map(parse),
}));
const all = studies.flatMap(({ instances }) => instances);
const of = (modality: string) => all.filter(({ data }) => data['Modality'] === modality);
const numbers = (data: Values, name: string) => [data[name]].flat().map(Number);

/** A bulk value, as dcmjs gives it: an array of one ArrayBuffer. */
function bulk(data: Values, name: string): ArrayBuffer {
  const [value] = [data[name]].flat();
  if (
    !(value instanceof ArrayBuffer) &&
    Object.prototype.toString.call(value) !== '[object ArrayBuffer]'
  ) {
    throw new TypeError(`${name} is no bulk value`);
  }
  return value as ArrayBuffer;
}

describe('the seed', () => {
  it.each([
    ['CT', 64, 1],
    ['MR', 48, 2],
    ['CR', 2, 2],
    ['US', 1, 1],
    ['DOC', 1, 1],
  ])('has %s: %d SOP Instances in %d series of one study', (modality, instances, series) => {
    const found = of(modality);
    const distinct = (name: string) => new Set(found.map(({ data }) => data[name])).size;
    expect(found).toHaveLength(instances);
    expect(distinct('SeriesInstanceUID')).toBe(series);
    expect(distinct('StudyInstanceUID')).toBe(1);
  });

  it('is the same to the byte each time', () => {
    const digest = (files: Iterable<Uint8Array>) => {
      const hash = createHash('sha256');
      for (const file of files) hash.update(file);
      return hash.digest('hex');
    };
    for (const { study, instances } of studies) {
      expect(digest(study.instances())).toBe(digest(instances.map(({ bytes }) => bytes)));
    }
  });

  it('is under the study it says', () => {
    for (const { study, instances } of studies) {
      for (const { data } of instances)
        expect(data['StudyInstanceUID']).toBe(study.studyInstanceUID);
    }
  });

  it('has valid UIDs, each SOP Instance its own (PS3.5 section 9.1)', () => {
    const names = ['StudyInstanceUID', 'SeriesInstanceUID', 'SOPInstanceUID', 'SOPClassUID'];
    for (const { data } of all) {
      for (const name of names) {
        expect(data[name]).toMatch(/^(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))+$/);
        expect(String(data[name]).length).toBeLessThanOrEqual(64);
      }
    }
    expect(new Set(all.map(({ data }) => data['SOPInstanceUID'])).size).toBe(all.length);
    expect(new Set(studies.map(({ study }) => study.studyInstanceUID)).size).toBe(5);
  });

  it('has file meta information that agrees with the data set (PS3.10 section 7.1)', () => {
    for (const { meta, data, bytes } of all) {
      expect(Buffer.from(bytes.subarray(128, 132)).toString('latin1')).toBe('DICM');
      expect(meta['TransferSyntaxUID']).toBe('1.2.840.10008.1.2.1');
      expect(meta['MediaStorageSOPClassUID']).toBe(data['SOPClassUID']);
      expect(meta['MediaStorageSOPInstanceUID']).toBe(data['SOPInstanceUID']);
      expect(meta['ImplementationClassUID']).toMatch(/^2\.25\./);
      expect(String(meta['ImplementationVersionName']).length).toBeLessThanOrEqual(16);
    }
  });

  it('has a patient with two studies, the CR before the CT', () => {
    const [ct, cr] = [of('CT')[0]!.data, of('CR')[0]!.data];
    expect(cr['PatientID']).toBe(ct['PatientID']);
    expect(Number(cr['StudyDate'])).toBeLessThan(Number(ct['StudyDate']));
    expect(new Set(all.map(({ data }) => data['PatientID'])).size).toBe(4);
  });

  it('has as many pixels as it says', () => {
    for (const { data } of all) {
      if (data['Rows'] === undefined) continue;
      const frames = Number(data['NumberOfFrames'] ?? 1);
      const bytes = Number(data['BitsAllocated']) / 8;
      const expected = Number(data['Rows']) * Number(data['Columns']) * frames * bytes;
      expect(bulk(data, 'PixelData').byteLength).toBe(expected);
    }
  });
});

describe.each([
  ['CT', 'CT chest with contrast', 4],
  ['MR', 'T1 axial', 5.5],
  ['MR', 'T2 axial', 5.5],
])('the geometry of %s %s', (modality, description, spacing) => {
  const slices = of(modality)
    .map(({ data }) => data)
    .filter(
      data => data['SeriesDescription'] === description || data['StudyDescription'] === description
    )
    .sort(
      (a, b) => numbers(a, 'ImagePositionPatient')[2]! - numbers(b, 'ImagePositionPatient')[2]!
    );

  it('steps evenly along the normal (PS3.3 C.7.6.2)', () => {
    expect(slices.length).toBeGreaterThanOrEqual(24);
    slices.slice(1).forEach((slice, i) => {
      const [x, y, z] = numbers(slice, 'ImagePositionPatient');
      const [x0, y0, z0] = numbers(slices[i]!, 'ImagePositionPatient');
      expect([x, y]).toEqual([x0, y0]);
      expect(z! - z0!).toBeCloseTo(spacing, 6);
      expect(numbers(slice, 'ImageOrientationPatient')).toEqual([1, 0, 0, 0, 1, 0]);
      expect(numbers(slice, 'SpacingBetweenSlices')).toEqual([spacing]);
    });
  });

  it('has one frame of reference, centred on the patient', () => {
    expect(new Set(slices.map(slice => slice['FrameOfReferenceUID'])).size).toBe(1);
    const [first] = slices;
    const [row] = numbers(first!, 'PixelSpacing');
    const [x] = numbers(first!, 'ImagePositionPatient');
    expect(x).toBeCloseTo((-(Number(first!['Columns']) - 1) / 2) * row!, 3);
  });
});

it('the two MR series share places and frame of reference', () => {
  const places = (description: string) =>
    of('MR')
      .filter(({ data }) => data['SeriesDescription'] === description)
      .map(({ data }) => [data['FrameOfReferenceUID'], ...numbers(data, 'ImagePositionPatient')]);
  expect(places('T1 axial')).toEqual(places('T2 axial'));
});

it('the lesion in the CT measures 23 mm', () => {
  const slice = of('CT').find(
    ({ data }) => numbers(data, 'ImagePositionPatient')[2] === LESION.z
  )!.data;
  const [x0, y0] = numbers(slice, 'ImagePositionPatient');
  const [spacing] = numbers(slice, 'PixelSpacing');
  const pixels = new Uint16Array(bulk(slice, 'PixelData'));
  const row = Math.round((LESION.y - y0!) / spacing!);
  const middle = Math.round((LESION.x - x0!) / spacing!);
  const units = (column: number) => pixels[row * 512 + column]! + Number(slice['RescaleIntercept']);
  // Half way between lung and lesion.
  let [left, right] = [middle, middle];
  while (units(left - 1) > -400) left -= 1;
  while (units(right + 1) > -400) right += 1;
  const width = (right - left + 1) * spacing!;
  expect(width).toBeGreaterThan(21.8);
  expect(width).toBeLessThan(24.2);
  expect(units(middle)).toBeGreaterThan(0);
  expect(units(middle)).toBeLessThan(100);
});

it('the ultrasound can be measured and played', () => {
  const { data } = of('US')[0]!;
  const [region] = [data['SequenceOfUltrasoundRegions']].flat() as Values[];
  // PS3.3 C.8.5.5.1.15: 3 is centimetres.
  expect([region!['PhysicalUnitsXDirection'], region!['PhysicalUnitsYDirection']]).toEqual([3, 3]);
  expect(Number(region!['PhysicalDeltaX']) * 10).toBeCloseTo(SCAN.mmPerPixel, 9);
  expect(Number(data['NumberOfFrames'])).toBeGreaterThanOrEqual(20);
  expect(Number(data['FrameTime'])).toBeCloseTo(33.3333, 4);
  expect(
    Number(data['HeartRate']) * Number(data['FrameTime']) * Number(data['NumberOfFrames'])
  ).toBeCloseTo(60000, 0);
});

it('the heart in the ultrasound beats: the left ventricle is darker when wide', () => {
  const pixels = new Uint8Array(bulk(of('US')[0]!.data, 'PixelData'));
  const size = SCAN.columns * SCAN.rows;
  const row = Math.round(SCAN.apexRow + 75 / SCAN.mmPerPixel);
  const dark = (frame: number) => {
    const start = frame * size + row * SCAN.columns + SCAN.apexColumn;
    return pixels.subarray(start, start + 100).filter(value => value < 60).length;
  };
  expect(dark(0)).toBeGreaterThan(1.3 * dark(9));
});

it('the PDF is whole, padded to even length, its length told (PS3.3 C.24.2)', () => {
  const { data } = of('DOC')[0]!;
  expect(data['MIMETypeOfEncapsulatedDocument']).toBe('application/pdf');
  const bytes = Buffer.from(bulk(data, 'EncapsulatedDocument'));
  const length = Number(data['EncapsulatedDocumentLength']);
  expect(bytes.length).toBe(length + (length % 2));
  expect(bytes.subarray(0, length).toString('latin1')).toMatch(/^%PDF-[\s\S]*%%EOF\n$/);
  expect(data['PatientName']).toEqual([{ Alphabetic: 'Synthetic^Zoé' }]);
});
