import { commonModules, studyUID } from './modules.ts';
import type { SeedStudy, SeriesFacts, StudyFacts } from './modules.ts';
import { toPart10 } from './part10.ts';
import { PATIENTS } from './patients.ts';
import { createPdf } from './pdf-document.ts';

const ENCAPSULATED_PDF_STORAGE = '1.2.840.10008.5.1.4.1.1.104.1';

const STUDY: StudyFacts = {
  key: 'pdf',
  patient: PATIENTS.zoe,
  date: '20240605',
  time: '160000',
  accessionNumber: 'SYN24000051',
  studyID: '51',
  description: 'US abdomen report',
  referringPhysicianName: 'Practice^Otto^^Dr',
};

const SERIES: SeriesFacts = {
  number: 1,
  modality: 'DOC',
  description: 'Report',
  time: '160215',
  attributes: { ConversionType: 'WSD' },
};

const TITLE = 'Radiology report';

const LINES = [
  'Practice Hospital, Department of Radiology',
  '',
  'Patient: Zoé Synthetic, SYN-0004, born 1 March 1989',
  'Examination: ultrasound of the abdomen, 5 June 2024',
  'Accession number: SYN24000051',
  '',
  'Findings',
  'Liver of normal size and even texture. Gall bladder without stones.',
  'Both kidneys normal, no dilatation. Spleen 10.4 cm.',
  '',
  'Impression',
  'Normal examination of the abdomen.',
  '',
  'This letter is synthetic. It was made by code for practice and tests;',
  'there is no such patient and there was no such examination.',
];

/** A letter of one page as an encapsulated PDF. */
export const pdfStudy: SeedStudy = {
  studyInstanceUID: studyUID(STUDY),
  description: `PDF report, one page (${STUDY.patient.PatientName})`,
  *instances() {
    const pdf = createPdf(TITLE, LINES);
    // PS3.3 C.24.2: the element is padded to even length; its true length is told apart.
    const padded = new Uint8Array(pdf.length + (pdf.length % 2));
    padded.set(pdf);
    yield toPart10({
      ...commonModules(STUDY, SERIES, ENCAPSULATED_PDF_STORAGE, 1),
      AcquisitionDateTime: `${STUDY.date}${STUDY.time}`,
      BurnedInAnnotation: 'YES',
      DocumentTitle: TITLE,
      ConceptNameCodeSequence: [
        {
          CodeValue: '18748-4',
          CodingSchemeDesignator: 'LN',
          CodeMeaning: 'Diagnostic imaging report',
        },
      ],
      MIMETypeOfEncapsulatedDocument: 'application/pdf',
      EncapsulatedDocumentLength: pdf.length,
      EncapsulatedDocument: [padded.buffer],
    });
  },
};
