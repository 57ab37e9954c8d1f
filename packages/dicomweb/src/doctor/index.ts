/**
 * The checks of a deployment, for the command `ohif-azure doctor` and for the page `doctor.html` of the viewer. Nothing here needs Node or a
 * page: what they need comes as a parameter.
 */
export { checkAccessToken } from './check-access-token.ts';
export { checkArchive } from './check-archive.ts';
export { checkClock, MAX_SKEW_MS, REMARKABLE_SKEW_MS, type ClockSample } from './check-clock.ts';
export { checkConfig, type ConfigCheck, type EvaluatedConfig } from './check-config.ts';
export { checkDiscovery } from './check-discovery.ts';
export { checkRedirectUri } from './check-redirect-uri.ts';
export { checkServiceUrl } from './check-service-url.ts';
export { checkWrite } from './check-write.ts';
export type { Deployment, DoctorTools, TokenFacts } from './deployment.ts';
export {
  fail,
  formatFindings,
  ok,
  warn,
  type CheckName,
  type FaultName,
  type Finding,
  type FindingStatus,
} from './finding.ts';
export { harmlessInstance, type HarmlessInstance } from './harmless-instance.ts';
export { runChecks, signInFinding, type ChecksOptions } from './run-checks.ts';
