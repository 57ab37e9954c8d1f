import { notAcceptable } from '../http/service-error.ts';
import { parseMediaRanges } from '../http/media-type.ts';
import type { MediaType } from '../http/media-type.ts';
import { EXPLICIT_VR_LITTLE_ENDIAN, JPEG_2000_LOSSLESS } from '../part10/transfer-syntax.ts';

/** What is to be retrieved. */
export type RetrievedResource = 'study' | 'series' | 'instance' | 'frames';

/** How an answer of Retrieve is to look. */
export interface Negotiated {
  multipart: boolean;
  /** Media type of a part, or of the single part. */
  mediaType: 'application/dicom' | 'application/octet-stream' | 'image/jp2';
  /** The Transfer Syntax UID asked for; `*` for the one in which the instance is stored. */
  transferSyntax: string;
}

interface AcceptRow {
  resources: readonly RetrievedResource[];
  payload: 'multipart' | 'either';
  type: string;
  transferSyntaxes: readonly string[];
  otherwise: string;
}

const DICOM_SYNTAXES = ['*', EXPLICIT_VR_LITTLE_ENDIAN, JPEG_2000_LOSSLESS];
const FRAME_SYNTAXES = ['*', EXPLICIT_VR_LITTLE_ENDIAN];

/** The Accept matrix. [reference 3.1] */
const ROWS: readonly AcceptRow[] = [
  {
    resources: ['study', 'series'],
    payload: 'multipart',
    type: 'application/dicom',
    transferSyntaxes: DICOM_SYNTAXES,
    otherwise: EXPLICIT_VR_LITTLE_ENDIAN,
  },
  {
    resources: ['study', 'series'],
    payload: 'multipart',
    type: '*/*',
    transferSyntaxes: DICOM_SYNTAXES,
    otherwise: '*',
  },
  {
    resources: ['instance'],
    payload: 'either',
    type: 'application/dicom',
    transferSyntaxes: DICOM_SYNTAXES,
    otherwise: EXPLICIT_VR_LITTLE_ENDIAN,
  },
  {
    resources: ['instance'],
    payload: 'either',
    type: '*/*',
    transferSyntaxes: DICOM_SYNTAXES,
    otherwise: '*',
  },
  {
    resources: ['frames'],
    payload: 'either',
    type: 'application/octet-stream',
    transferSyntaxes: FRAME_SYNTAXES,
    otherwise: EXPLICIT_VR_LITTLE_ENDIAN,
  },
  {
    resources: ['frames'],
    payload: 'multipart',
    type: 'image/jp2',
    transferSyntaxes: [JPEG_2000_LOSSLESS],
    otherwise: JPEG_2000_LOSSLESS,
  },
  {
    resources: ['frames'],
    payload: 'either',
    type: '*/*',
    transferSyntaxes: FRAME_SYNTAXES,
    otherwise: '*',
  },
];

interface Candidate extends Negotiated {
  quality: number;
  /** `transfer-syntax=*` stands in the header itself. */
  asksForOriginal: boolean;
}

/**
 * Chooses the representation: by `q`; on a tie the last one which names `transfer-syntax=*`, else
 * the first. A range with `q=0` is the last choice, but one. [reference 3.1; AcceptHeaderHandler.cs]
 *
 * @param lines - the lines of the `Accept` header; none is not acceptable.
 * @param bareWildcard - accept a bare `Accept: * / *` (without blanks) for studies and series, as
 *   the hosted service's documents say; its source refuses it. [reference 3.1, note 1]
 * @throws {ServiceError} 406 when nothing offered is in the Accept matrix.
 */
export function negotiate(
  resource: RetrievedResource,
  lines: readonly string[],
  bareWildcard: boolean
): Negotiated {
  const candidates = lines.flatMap(line => candidatesOf(line, resource, bareWildcard));
  const highest = Math.max(...candidates.map(({ quality }) => quality));
  const tied = candidates.filter(({ quality }) => quality === highest);
  const best = tied.findLast(({ asksForOriginal }) => asksForOriginal) ?? tied[0];
  if (!best) throw notAcceptable();
  const { multipart, mediaType, transferSyntax } = best;
  return { multipart, mediaType, transferSyntax };
}

function candidatesOf(
  line: string,
  resource: RetrievedResource,
  bareWildcard: boolean
): Candidate[] {
  // The whole line decides, also for the entries behind the first comma. [reference 3.1, note 2]
  const lineIsMultipart = line.trimStart().startsWith('multipart/related');
  return parseMediaRanges(line).flatMap(range => {
    const type = offeredType(range);
    const multipart =
      lineIsMultipart ||
      range.type === 'multipart/related' ||
      (bareWildcard && type === '*/*' && (resource === 'study' || resource === 'series'));
    const row = ROWS.find(
      one =>
        one.resources.includes(resource) &&
        one.type === type &&
        (multipart || one.payload === 'either')
    );
    const transferSyntax = range.parameters.get('transfer-syntax') || row?.otherwise || '';
    if (!row?.transferSyntaxes.includes(transferSyntax)) return [];
    return [
      {
        // The answer to */* is always multipart. [reference 3.1]
        multipart: multipart || type === '*/*',
        mediaType: mediaTypeOf(row, resource),
        transferSyntax,
        quality: range.quality,
        asksForOriginal: range.parameters.get('transfer-syntax') === '*',
      },
    ];
  });
}

function offeredType(range: MediaType): string | undefined {
  return range.type === 'multipart/related'
    ? range.parameters.get('type')?.toLowerCase()
    : range.type;
}

function mediaTypeOf(row: AcceptRow, resource: RetrievedResource): Negotiated['mediaType'] {
  if (row.type === 'image/jp2') return 'image/jp2';
  return resource === 'frames' ? 'application/octet-stream' : 'application/dicom';
}
