import { newUID } from '@ohif-azure/core';
import { CORS_HEADER_FAULTS, CORS_HEADERS, corsRemedy, type CorsCheck } from './cors-preflight.ts';
import type { DoctorTools } from './deployment.ts';
import { ask } from './deployment.ts';
import type { Finding } from './finding.ts';
import { fail, ok, warn } from './finding.ts';

/** For each header field a value that makes the browser ask first. The access token is made up: the answer is 401 then, which will do. */
const VALUES: Readonly<Record<(typeof CORS_HEADERS)[number], string>> = {
  authorization: 'Bearer made-up-by-doctor',
  'content-type': 'application/dicom+json',
  accept: 'multipart/related; type="application/dicom"',
};

/**
 * Finds out by trying what the service allows this page: a browser tells only whether a request went through. Nothing is stored, and what
 * is to be deleted does not exist.
 * @param viewerOrigin - of this page.
 * @see Fetch Standard, "HTTP-network-or-cache fetch", CORS check
 */
export async function checkCorsByEffect(
  serviceUrl: string,
  viewerOrigin: string,
  tools: DoctorTools
): Promise<CorsCheck> {
  const check = 'cors';
  const address = `${serviceUrl}/studies?limit=1`;
  const goesThrough = async (url: string, init: RequestInit) =>
    (await ask(tools, url, init)).response !== undefined;

  if (!(await goesThrough(address, {}))) {
    // A request whose answer nobody may read needs no permission: it tells whether somebody is there.
    const isThere = await goesThrough(address, { mode: 'no-cors' });
    return {
      findings: [
        isThere
          ? fail(
              check,
              'cors-origin',
              `The service does not allow pages of ${viewerOrigin}.`,
              corsRemedy(`Origins: add ${viewerOrigin}`)
            )
          : fail(
              check,
              'service-unreachable',
              `${serviceUrl} does not answer.`,
              'Check the service’s address, the network, and whether the service permits access from here.'
            ),
      ],
    };
  }
  const findings: Finding[] = [];
  for (const name of CORS_HEADERS) {
    const isPost = name === 'content-type';
    const init = {
      headers: { [name]: VALUES[name] },
      ...(isPost ? { method: 'POST', body: '[]' } : {}),
    };
    if (!(await goesThrough(isPost ? `${serviceUrl}/studies` : address, init))) {
      findings.push(
        fail(
          check,
          CORS_HEADER_FAULTS[name],
          `The service does not allow the header ${name} in requests of ${viewerOrigin}.`,
          corsRemedy(`Headers: add ${name}`)
        )
      );
    }
  }
  // Without an access token this deletes nothing even where there were such a study.
  if (!(await goesThrough(`${serviceUrl}/studies/${newUID()}`, { method: 'DELETE' }))) {
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
  return { findings };
}
