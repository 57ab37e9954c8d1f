import { itemsOrNone } from './dicom-rows.ts';
import { stringOf } from '../dicom-json.ts';
import { isPathUID } from '../resource.ts';
import type { Asked, Deployment, DoctorTools } from './deployment.ts';
import { ask } from './deployment.ts';
import type { Finding } from './finding.ts';
import { fail, ok } from './finding.ts';
import { refusedAnswer } from './refused-answer.ts';

/** The outcome of search and retrieve. */
export interface ArchiveCheck {
  readonly findings: readonly Finding[];
  /** `Date` and `WWW-Authenticate` of the first answer, where they can be read. */
  readonly date?: string | null;
  readonly challenge?: string | null;
}

/** A header with the access token, where there is one. */
export function authorization(accessToken: string | undefined): Record<string, string> {
  return accessToken === undefined ? {} : { Authorization: `Bearer ${accessToken}` };
}

/** Asks the service for something, as JSON. */
export function askService(
  tools: DoctorTools,
  url: string,
  accessToken: string | undefined,
  accept = 'application/dicom+json'
): Promise<Asked> {
  return ask(tools, url, { headers: { Accept: accept, ...authorization(accessToken) } });
}

/**
 * Searches for one study and retrieves the metadata of one instance of it: audience, role and address are right when that works.
 * @param accessToken - undefined: without.
 */
export async function checkArchive(
  { serviceUrl = '' }: Deployment,
  accessToken: string | undefined,
  tools: DoctorTools
): Promise<ArchiveCheck> {
  const hasToken = accessToken !== undefined;
  const asked = await askService(tools, `${serviceUrl}/studies?limit=1`, accessToken);
  if (!asked.response) {
    return {
      findings: [
        fail(
          'search',
          'service-unreachable',
          `${serviceUrl} does not answer: ${asked.why}.`,
          'Check the service’s address, the network, and CORS when this is a page.'
        ),
      ],
    };
  }
  const { response, text } = asked;
  const facts = {
    date: response.headers.get('date'),
    challenge: response.headers.get('www-authenticate'),
  };
  const refused = refusedAnswer('search', response, text, { isWrite: false, hasToken });
  if (refused) return { ...facts, findings: [refused] };
  const rows =
    response.status === 204 ? [] : response.status === 200 ? itemsOrNone(text) : undefined;
  if (!rows) {
    return {
      ...facts,
      findings: [
        fail(
          'search',
          'search-failed',
          `A search for studies is answered ${response.status}, not with DICOM JSON.`,
          'Check the service’s address: it is the DICOMweb root.'
        ),
      ],
    };
  }
  const [study] = rows;
  const studyUID = study && stringOf(study, 'StudyInstanceUID');
  const searched = ok(
    'search',
    rows.length === 0
      ? 'The archive answers; it has no study yet.'
      : 'The archive answers with studies.'
  );
  if (!isPathUID(studyUID)) {
    return { ...facts, findings: [searched, ok('retrieve', 'There is nothing to retrieve yet.')] };
  }
  return {
    ...facts,
    findings: [searched, await checkRetrieve(serviceUrl, studyUID, accessToken, tools)],
  };
}

async function checkRetrieve(
  serviceUrl: string,
  studyUID: string,
  accessToken: string | undefined,
  tools: DoctorTools
): Promise<Finding> {
  const study = `${serviceUrl}/studies/${studyUID}`;
  const failed = (what: string) =>
    fail(
      'retrieve',
      'retrieve-failed',
      `A study that was found cannot be retrieved: ${what}.`,
      'Try again; if it fails again, see the service’s logs.'
    );
  const found = await askService(tools, `${study}/instances?limit=1`, accessToken);
  if (!found.response) return failed(found.why);
  const [instance] = itemsOrNone(found.text) ?? [];
  const series = instance && stringOf(instance, 'SeriesInstanceUID');
  const sop = instance && stringOf(instance, 'SOPInstanceUID');
  if (!isPathUID(series) || !isPathUID(sop))
    return failed(`its instances are answered ${found.response.status}`);
  const asked = await askService(
    tools,
    `${study}/series/${series}/instances/${sop}/metadata`,
    accessToken
  );
  if (!asked.response) return failed(asked.why);
  const hasToken = accessToken !== undefined;
  const refused = refusedAnswer('retrieve', asked.response, asked.text, {
    isWrite: false,
    hasToken,
  });
  if (refused) return refused;
  if (asked.response.status !== 200 || !itemsOrNone(asked.text)) {
    return failed(`its metadata are answered ${asked.response.status}`);
  }
  return ok('retrieve', 'An instance of it can be retrieved.');
}
