import {
  anonymousProfile,
  type Credential,
  type Profile,
  type TokenRules,
} from './orthanc-gate-tokens.ts';

/** A request as the plugin's filter sees it. */
export interface GateRequest {
  method: string;
  /** Below the REST root: `/dicom-web/studies`. */
  path: string;
  query: URLSearchParams;
}

export interface PolicyRules extends TokenRules {
  /** Version of the plugin whose answer to a search without a study is given: refused, an empty list, the token's studies. */
  plugin: '0.9.1' | '0.9.2' | '0.9.3';
  /** Labels of the studies, by Study Instance UID; Orthanc has them since 1.12.0, Debian's has not. */
  labels: Readonly<Record<string, readonly string[]>>;
}

/** What becomes of a request: refused, or handed on; the answer of a search holds only the studies that `isVisible` lets through. */
export type Decision =
  { isGranted: false } | { isGranted: true; isVisible?: (studyInstanceUID: string) => boolean };

const REFUSED: Decision = { isGranted: false };
const GRANTED: Decision = { isGranted: true };

/** DefaultConfiguration.json of 0.11.4, the rows about DICOMweb. What no row names needs a resource token. */
const PERMISSIONS: readonly [method: string, path: RegExp, anyOf: readonly string[]][] = [
  ['POST', /^\/dicom-web\/studies$/, ['all', 'upload']],
  ['POST', /^\/dicom-web\/studies\/[.0-9]+$/, ['all', 'upload']],
  ['GET', /^\/dicom-web\/(studies|series|instances)\/?$/, ['all', 'view']],
  ['GET', /^\/dicom-web\/studies\/[.0-9]+(\/.*)?$/, ['all', 'view']],
];

const SEARCH = /^\/dicom-web\/(studies|series|instances)\/?$/;

/**
 * `FilterHttpRequests` of orthanc-authorization (cbaf75e, Plugin.cpp 511 to 674), for DICOMweb with `CheckedLevel: studies`: first the
 * users' permissions and labels, then the resource tokens.
 */
export function decide(
  request: GateRequest,
  credentials: readonly Credential[],
  rules: PolicyRules
): Decision {
  const study = studyOf(request);
  const isSearch = request.method === 'GET' && SEARCH.test(request.path);
  const needed = PERMISSIONS.find(
    ([method, path]) => method === request.method && path.test(request.path)
  )?.[2];

  if (needed) {
    const profiles =
      credentials.length > 0
        ? credentials.map(({ profile }) => profile)
        : [anonymousProfile(rules)];
    let permitted: Profile | undefined;
    for (const profile of profiles) {
      const hasPermission = profile.permissions.some(each => needed.includes(each));
      // The labels stop a request at once; of several tokens the last one decides on the permission.
      if (hasPermission && study !== undefined && !reaches(profile, study, rules)) return REFUSED;
      permitted = hasPermission ? profile : undefined;
    }
    if (permitted) {
      const profile = permitted;
      return isSearch
        ? { isGranted: true, isVisible: uid => reaches(profile, uid, rules) }
        : GRANTED;
    }
  }

  const granted = new Set(credentials.flatMap(({ grants }) => grants));
  // A POST to /studies, and a search that names no study, is of the level "system": unchecked, so that nothing can grant it.
  if (study !== undefined && granted.has(study)) return GRANTED;
  // The plugin answers searches itself, so that the viewer's search for priors is no error.
  if (request.method !== 'GET' || request.path !== '/dicom-web/studies') return REFUSED;
  if (rules.plugin === '0.9.1') return REFUSED;
  return { isGranted: true, isVisible: uid => rules.plugin === '0.9.3' && granted.has(uid) };
}

/** `DefaultAuthorizationParser::Parse`: the study that a request is about. */
function studyOf({ path, query }: GateRequest): string | undefined {
  const [, ofPath] = /^\/dicom-web\/studies\/([.0-9]+)(?:\/|$)/.exec(path) ?? [];
  if (ofPath !== undefined) return ofPath;
  for (const [name, value] of query) {
    const isStudy = ['0020000d', 'studyinstanceuid'].includes(name.toLowerCase());
    if (isStudy && value !== '' && !value.includes('*')) return value;
  }
  return undefined;
}

/** `HasAuthorizedLabelsForResource`. */
function reaches({ labels }: Profile, study: string, rules: PolicyRules): boolean {
  const ofStudy = Object.hasOwn(rules.labels, study) ? (rules.labels[study] ?? []) : [];
  return labels.includes('*') || ofStudy.some(label => labels.includes(label));
}
