import type { DoctorTools } from './deployment.ts';
import { ask } from './deployment.ts';
import type { FaultName, Finding } from './finding.ts';
import { fail, ok, warn } from './finding.ts';

/** Header fields of the viewer's requests that a browser asks about first. `accept` is one because of the quotation marks in it. */
export const CORS_HEADERS = ['authorization', 'content-type', 'accept'] as const;

/** The finding that a missing header field stands for. */
export const CORS_HEADER_FAULTS: Readonly<Record<(typeof CORS_HEADERS)[number], FaultName>> = {
  authorization: 'cors-authorization',
  'content-type': 'cors-content-type',
  accept: 'cors-accept',
};

/** Remedies of CORS; the same for both ways to find out. */
export const corsRemedy = (what: string): string =>
  `In the Azure portal, on the DICOM service: CORS > ${what}, then Save.`;

/** The checks of CORS, and what else the answers tell. */
export interface CorsCheck {
  readonly findings: readonly Finding[];
  /** `Date` of an answer, where it can be read. */
  readonly date?: string | null;
}

const wordsOf = (header: string | null): string[] =>
  (header ?? '').split(',').map(word => word.trim().toLowerCase());

/**
 * Asks as a browser asks before the viewer's requests. For Node: in a browser these header fields cannot be set.
 * @param serviceUrl - the DICOMweb root.
 * @see Fetch Standard, "CORS-preflight fetch"; `*` does not stand for Authorization there
 */
export async function checkCorsByPreflight(
  serviceUrl: string,
  viewerOrigin: string,
  tools: DoctorTools
): Promise<CorsCheck> {
  const check = 'cors';
  const preflight = (method: string) =>
    ask(tools, `${serviceUrl}/studies`, {
      method: 'OPTIONS',
      headers: {
        Origin: viewerOrigin,
        'Access-Control-Request-Method': method,
        'Access-Control-Request-Headers': CORS_HEADERS.join(','),
      },
    });
  const asked = await preflight('POST');
  if (!asked.response) {
    const finding = fail(
      check,
      'service-unreachable',
      `${serviceUrl} does not answer: ${asked.why}.`,
      'Check the service’s address, the network, and whether the service permits access from here.'
    );
    return { findings: [finding] };
  }
  const { headers, status } = asked.response;
  const date = headers.get('date');
  const allowedOrigin = headers.get('access-control-allow-origin');
  if (allowedOrigin !== '*' && allowedOrigin !== viewerOrigin) {
    const found =
      allowedOrigin === null ? 'allows no page' : `allows pages of ${allowedOrigin} only, not`;
    return {
      date,
      findings: [
        fail(
          check,
          'cors-origin',
          `The service ${found} of ${viewerOrigin}.`,
          corsRemedy(`Origins: add ${viewerOrigin}`)
        ),
      ],
    };
  }
  const allowed = wordsOf(headers.get('access-control-allow-headers'));
  const missing = CORS_HEADERS.filter(
    name => !allowed.includes(name) && !(name !== 'authorization' && allowed.includes('*'))
  );
  const findings: Finding[] = missing.map(name =>
    fail(
      check,
      CORS_HEADER_FAULTS[name],
      `The service does not allow the header ${name} in requests of ${viewerOrigin}.`,
      corsRemedy(`Headers: add ${name}`)
    )
  );
  if (status > 299 && findings.length === 0) {
    findings.push(
      fail(
        check,
        'cors-origin',
        `The service answers a preflight with ${status}.`,
        corsRemedy(`Origins: add ${viewerOrigin}`)
      )
    );
  }
  const deleting = await preflight('DELETE');
  const methods = wordsOf(deleting.response?.headers.get('access-control-allow-methods') ?? null);
  if (deleting.response && !methods.includes('delete') && !methods.includes('*')) {
    findings.push(
      warn(
        check,
        'cors-method',
        'The service does not allow the method DELETE; the viewer can store, but not delete.',
        corsRemedy('Methods: add DELETE')
      )
    );
  }
  if (findings.length === 0)
    findings.push(ok(check, `Pages of ${viewerOrigin} may use the service.`));
  return { date, findings };
}
