import type { AccessTokenSource } from '@ohif-azure/auth/node';
import {
  clientCertificateSource,
  clientCredentialsSource,
  managedIdentitySource,
} from '@ohif-azure/auth/node';
import type { Clock, FetchLike } from '@ohif-azure/core';
import { redactURL } from '@ohif-azure/core';
import { ExpectContinue } from './expect-continue.ts';
import type { RelayMetrics } from './metrics.ts';
import type { Credential, ServerSettings } from './server-settings.ts';
import { NO_ACCESS_TOKEN, serviceAccess } from './service-access.ts';
import type { Service } from './service.ts';
import { storeInstances } from './store-instances.ts';
import type { StoreServer } from './store-server.ts';
import { upstreamOf } from './upstream.ts';
import { hasInstance } from './verify-duplicates.ts';

/** What services are made with. */
export interface ServiceTools {
  readonly clock: Clock;
  readonly metrics: RelayMetrics;
  /** For token endpoints only. Default: the platform's. */
  readonly fetch?: FetchLike;
}

/** @throws {AuthError} ERR_AUTH_PROVIDER_CONFIGURATION for a certificate or a platform that is of no use. */
function tokenSourceOf(
  credential: Exclude<Credential, { kind: 'none' }>,
  { clock, fetch }: ServiceTools
): AccessTokenSource {
  switch (credential.kind) {
    case 'secret':
      return clientCredentialsSource({ ...credential, clock, fetch });
    case 'certificate':
      return clientCertificateSource({ ...credential, clock, fetch });
    case 'managed-identity':
      return managedIdentitySource({ ...credential, clock, fetch });
  }
}

/** Makes one service ready. Nothing is asked of it or of the identity provider yet. */
export function serviceOf(settings: ServerSettings, tools: ServiceTools): Service {
  const { clock } = tools;
  const metrics = tools.metrics.server(settings.name);
  const { credential } = settings;
  const access =
    credential.kind === 'none'
      ? NO_ACCESS_TOKEN
      : serviceAccess(tokenSourceOf(credential, tools), {
          now: () => clock.now(),
          onRenewal: metrics.tokenRenewal,
        });
  return {
    settings,
    access,
    upstream: upstreamOf(settings.serviceUrl),
    expectContinue: new ExpectContinue(clock),
    metrics,
    clock,
  };
}

/** A service as parts of the relay see it. */
export function storeServerOf(service: Service): StoreServer {
  const { name, serviceUrl, verifyDuplicates } = service.settings;
  // Nobody looks at what goes by itself: that the service has an instance is not believed without a comparison.
  const comparison = verifyDuplicates === 'none' ? 'hash' : verifyDuplicates;
  const verifying = { ...service, settings: { ...service.settings, verifyDuplicates: comparison } };
  return {
    name,
    serviceUrl: redactURL(serviceUrl),
    storeInstances: (instances, options) => storeInstances(verifying, instances, options?.signal),
    has: (sopInstanceUID, signal) => hasInstance(service, sopInstanceUID, signal),
    accessState: () => service.access.state(),
  };
}
