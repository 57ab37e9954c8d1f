import { itemsOf, stringOf, type DicomJson } from '@ohif-azure/dicomweb';

const CONCEPT_NAME = '0040A043';
const CONTENT = '0040A730';
const MEASURED_VALUE = '0040A300';
const UNITS = '004008EA';
/** Title of the reports of measurements, which the viewer shows in another way. */
const IMAGING_MEASUREMENT_REPORT = '126000';

/** Text reports. @see PS3.4 B.5 */
const REPORT_CLASSES = new Set([
  '1.2.840.10008.5.1.4.1.1.88.11',
  '1.2.840.10008.5.1.4.1.1.88.22',
  '1.2.840.10008.5.1.4.1.1.88.33',
  '1.2.840.10008.5.1.4.1.1.88.34',
]);

/**
 * The metadata of a report, so that the viewer can write it out. The stock viewport (OHIF 3.13) takes for granted that every content item has a
 * concept name, and every number a unit; with one that has none, which is legal and common (images), the whole viewer goes black.
 * What is missing is given the name of its value type; nothing else changes.
 *
 * @see PS3.3 C.17.3.2: the concept name is required for some value types only
 */
export function readableReport(instance: DicomJson): DicomJson {
  if (!REPORT_CLASSES.has(stringOf(instance, '00080016') ?? '')) return instance;
  const [title] = itemsOf(instance, CONCEPT_NAME);
  if (title && stringOf(title, '00080100') === IMAGING_MEASUREMENT_REPORT) return instance;
  return withReadableContent(instance);
}

function withReadableContent(item: DicomJson): DicomJson {
  const content = itemsOf(item, CONTENT);
  if (content.length === 0) return item;
  return {
    ...item,
    [CONTENT]: { vr: 'SQ', Value: content.map(each => withReadableContent(named(each))) },
  };
}

function named(item: DicomJson): DicomJson {
  const measured = itemsOf(item, MEASURED_VALUE);
  return {
    ...item,
    ...(itemsOf(item, CONCEPT_NAME).length === 0 && {
      [CONCEPT_NAME]: code(stringOf(item, '0040A040') ?? ''),
    }),
    ...(measured.some(value => itemsOf(value, UNITS).length === 0) && {
      [MEASURED_VALUE]: {
        vr: 'SQ',
        Value: measured.map(value =>
          itemsOf(value, UNITS).length > 0 ? value : { ...value, [UNITS]: code('') }
        ),
      },
    }),
  };
}

function code(meaning: string) {
  return {
    vr: 'SQ',
    Value: [{ '00080100': { vr: 'SH', Value: [''] }, '00080104': { vr: 'LO', Value: [meaning] } }],
  };
}
