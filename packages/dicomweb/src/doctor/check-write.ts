import { encodeMultipart } from '../multipart.ts';
import { describeFailureReason, formatReasonCode } from '../reasons.ts';
import { readStoreResponse } from '../store-response.ts';
import { authorization } from './check-archive.ts';
import type { Deployment, DoctorTools } from './deployment.ts';
import { ask } from './deployment.ts';
import type { Finding } from './finding.ts';
import { fail, ok } from './finding.ts';
import { harmlessInstance, type HarmlessInstance } from './harmless-instance.ts';
import { refusedAnswer } from './refused-answer.ts';

/** How often the removal is tried. */
const CLEANUP_ATTEMPTS = 3;

/**
 * Stores one harmless instance in a study of its own, retrieves it, and deletes the study again, also when something failed on the way.
 * @param accessToken - undefined: without.
 */
export async function checkWrite(
  { serviceUrl = '' }: Deployment,
  accessToken: string | undefined,
  tools: DoctorTools
): Promise<Finding[]> {
  const instance = harmlessInstance(tools.now());
  const stored = await store(serviceUrl, instance, accessToken, tools);
  if (stored.isRefused) return [stored.finding];
  const study = `${serviceUrl}/studies/${instance.studyInstanceUID}`;
  const findings = [stored.finding];
  try {
    if (stored.finding.status === 'ok')
      findings.push(await retrieve(study, instance, accessToken, tools));
  } finally {
    findings.push(await remove(study, instance, accessToken, tools));
  }
  return findings;
}

async function store(
  serviceUrl: string,
  { bytes }: HarmlessInstance,
  accessToken: string | undefined,
  tools: DoctorTools
): Promise<{ finding: Finding; isRefused: boolean }> {
  const { contentType, pieces } = encodeMultipart([bytes]);
  const asked = await ask(tools, `${serviceUrl}/studies`, {
    method: 'POST',
    headers: {
      Accept: 'application/dicom+json',
      'Content-Type': contentType,
      ...authorization(accessToken),
    },
    body: new Blob([...pieces] as BlobPart[]),
  });
  const failed = (what: string, remedy: string) =>
    fail('store', 'store-failed', `A harmless instance was not stored: ${what}.`, remedy);
  if (!asked.response) {
    const finding = failed(asked.why, 'Check the network, and limits of size and time on the way.');
    return { finding, isRefused: false };
  }
  const { response, text } = asked;
  const hasToken = accessToken !== undefined;
  const refused = refusedAnswer('store', response, text, { isWrite: true, hasToken });
  if (refused) return { finding: refused, isRefused: refused.fault !== 'throttled' };
  const answer = readStoreResponse(new TextEncoder().encode(text));
  if (answer?.referenced.length === 1 && answer.failed.length === 0) {
    return { finding: ok('store', 'A harmless instance was stored.'), isRefused: false };
  }
  const code = answer?.failed[0]?.failureReason;
  const reason = code === undefined ? undefined : describeFailureReason(code);
  return {
    finding: failed(
      reason && code !== undefined
        ? `${reason.meaning.replace(/\.$/, '')} (${formatReasonCode(code)})`
        : `the service answers ${response.status}`,
      reason?.remedy ?? 'Check that the address is the DICOMweb root, and see the service’s logs.'
    ),
    isRefused: false,
  };
}

async function retrieve(
  study: string,
  { seriesInstanceUID, sopInstanceUID }: HarmlessInstance,
  accessToken: string | undefined,
  tools: DoctorTools
): Promise<Finding> {
  const asked = await ask(
    tools,
    `${study}/series/${seriesInstanceUID}/instances/${sopInstanceUID}`,
    {
      headers: {
        Accept: 'application/dicom; transfer-syntax=*',
        ...authorization(accessToken),
      },
    }
  );
  if (asked.response && asked.response.status === 200 && asked.text.includes(sopInstanceUID)) {
    return ok('store', 'It could be retrieved.');
  }
  const found = asked.response ? `the service answers ${asked.response.status}` : asked.why;
  return fail(
    'store',
    'retrieve-failed',
    `What was stored cannot be retrieved: ${found}.`,
    'See the service’s logs.'
  );
}

async function remove(
  study: string,
  { studyInstanceUID }: HarmlessInstance,
  accessToken: string | undefined,
  tools: DoctorTools
): Promise<Finding> {
  let found = 'no answer';
  for (let attempt = 0; attempt < CLEANUP_ATTEMPTS; attempt += 1) {
    const asked = await ask(tools, study, {
      method: 'DELETE',
      headers: authorization(accessToken),
    });
    const status = asked.response?.status;
    if (status !== undefined && status >= 200 && status < 300) {
      return ok('store', 'It was deleted again.');
    }
    // Nothing is there: it never was, or the attempt before took it away.
    if (status === 404) return ok('store', 'Nothing of it is left.');
    found = asked.response ? `the service answers ${asked.response.status}` : asked.why;
    if (status === 401 || status === 403 || status === 405) break;
  }
  return fail(
    'store',
    'cleanup-failed',
    `The test instance could not be deleted: ${found}.`,
    `Delete it by hand: ohif-azure delete --study ${studyInstanceUID}`
  );
}
