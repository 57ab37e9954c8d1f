import type { ReportSettings } from '@ohif-azure/core/settings';
import { EXPLICIT_VR_LITTLE_ENDIAN, personName, prepareReport } from './prepareReport.ts';

const SETTINGS: ReportSettings = {
  observer: 'account',
  contentQualification: 'PRODUCT',
  manufacturer: 'ohif-azure',
  drafts: true,
  draftHours: 24,
};

/** As the viewer's adapters 5.6 write it (TID 1500), as far as it matters here. */
const stockReport = () => ({
  Modality: 'SR',
  Manufacturer: 'Unspecified',
  ContentQualification: 'RESEARCH',
  ImageComments: 'NOT FOR CLINICAL USE',
  _meta: { TransferSyntaxUID: { vr: 'UI', Value: ['1.2.840.10008.1.2'] } },
  ContentSequence: [
    {
      ValueType: 'CODE',
      ConceptNameCodeSequence: { CodeValue: '121049' },
    },
    {
      ValueType: 'PNAME',
      ConceptNameCodeSequence: { CodeValue: '121008' },
      PersonName: 'unknown^unknown',
    },
  ],
});

describe('prepareReport', () => {
  it('says who, with what and for what use, in Explicit VR', () => {
    const report = stockReport();
    prepareReport(
      report,
      { ...SETTINGS, institutionName: 'Practice Hospital' },
      { observer: 'Dr Ada Owner', studyDescription: 'CT chest' }
    );
    expect(report).toEqual({
      Modality: 'SR',
      Manufacturer: 'ohif-azure',
      InstitutionName: 'Practice Hospital',
      StudyDescription: 'CT chest',
      ContentQualification: 'PRODUCT',
      _meta: {
        FileMetaInformationVersion: { vr: 'OB', Value: [new Uint8Array([0, 1]).buffer] },
        TransferSyntaxUID: { vr: 'UI', Value: [EXPLICIT_VR_LITTLE_ENDIAN] },
      },
      ContentSequence: [
        expect.anything(),
        expect.objectContaining({ PersonName: [{ Alphabetic: 'Dr Ada Owner' }] }),
      ],
    });
  });

  it.each([
    ['observer: none', { ...SETTINGS, observer: 'none' as const }, 'Dr Ada Owner'],
    ['no account', SETTINGS, undefined],
  ])('leaves the observer as it is: %s', (_case, settings, account) => {
    const report = stockReport();
    prepareReport(report, settings, { observer: account });
    expect(report.ContentSequence[1]).toMatchObject({ PersonName: 'unknown^unknown' });
  });

  it('keeps a compressed transfer syntax: a SEG may have one', () => {
    const rle = { TransferSyntaxUID: { vr: 'UI', Value: ['1.2.840.10008.1.2.5'] } };
    const segmentation = { Modality: 'SEG', ContentQualification: 'RESEARCH', _meta: rle };
    prepareReport(segmentation, SETTINGS, { observer: 'Dr Ada Owner' });
    expect(segmentation).toMatchObject({ _meta: rle, ContentQualification: 'RESEARCH' });
  });
});

/** PS3.5 6.2: PN has components (^), groups (=) of at most 64 characters, and no backslash. */
it.each([
  ['Dr Ada Owner', 'Dr Ada Owner'],
  ['Owner^Ada', 'Owner Ada'],
  ['a=b\\c\u0007d', 'a b c d'],
  ['  Ada   Owner ', 'Ada Owner'],
  ['x'.repeat(80), 'x'.repeat(64)],
  ['Анна 山田', 'Анна 山田'],
])('personName(%j)', (displayName, expected) => {
  expect(personName(displayName)).toBe(expected);
});
