import type { Clock } from '@ohif-azure/core';
import type { ExpectContinue } from './expect-continue.ts';
import type { ServerMetrics } from './metrics.ts';
import type { ServerSettings } from './server-settings.ts';
import type { ServiceAccess } from './service-access.ts';
import type { Upstream } from './upstream.ts';

/** One DICOM service, and what is needed to talk to it. */
export interface Service {
  readonly settings: ServerSettings;
  readonly access: ServiceAccess;
  readonly upstream: Upstream;
  readonly expectContinue: ExpectContinue;
  readonly metrics: ServerMetrics;
  readonly clock: Clock;
}
