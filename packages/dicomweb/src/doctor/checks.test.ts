import { isPart10, readIdentity } from '../part10.ts';
import { checkClock } from './check-clock.ts';
import { checkConfig } from './check-config.ts';
import { checkServiceUrl } from './check-service-url.ts';
import { whyNoAnswer } from './deployment.ts';
import { formatFindings, ok, warn } from './finding.ts';
import { harmlessInstance } from './harmless-instance.ts';

const NOW = Date.UTC(2026, 0, 31, 12, 0, 0);
const at = (offsetMs: number) => [
  { who: 'the service', date: new Date(NOW).toUTCString(), at: NOW + offsetMs },
];

/** Microsoft Learn and ASP.NET Core JwtBearer: five minutes of clock skew are allowed. */
const CLOCKS: [offsetMs: number, status: string, says: RegExp][] = [
  [0, 'ok', /right/],
  [59_000, 'ok', /right/],
  [60_000, 'warn', /1 min ahead/],
  [-120_000, 'warn', /2 min behind/],
  [300_000, 'fail', /5 min ahead/],
  [-86_400_000, 'fail', /1440 min behind/],
];
it.each(CLOCKS)('a clock that is %i ms off: %s', (offsetMs, status, says) => {
  expect(checkClock(at(offsetMs))).toMatchObject({ status, message: expect.stringMatching(says) });
});

it('says nothing of clocks when there is none to compare with', () => {
  expect(
    checkClock([
      { who: 'x', date: null, at: NOW },
      { who: 'y', date: 'nonsense', at: NOW },
    ])
  ).toBeUndefined();
});

const AZURE = 'https://w-s.dicom.azurehealthcareapis.com';
/** Azure reference 0.1, 0.2: routes and partitions. */
const URLS: [url: string, dialect: 'azure' | 'standard', fault: string | undefined][] = [
  [`${AZURE}/v2`, 'azure', undefined],
  [`${AZURE}/v1/`, 'azure', undefined],
  [`${AZURE}/v2/partitions/Microsoft.Default`, 'azure', undefined],
  [AZURE, 'azure', 'service-url-version'],
  [AZURE, 'standard', 'service-url-version'],
  [`${AZURE}/v3`, 'azure', 'service-url-path'],
  [`${AZURE}/v2/studies`, 'azure', 'service-url-path'],
  ['https://orthanc.example/dicom-web', 'standard', undefined],
  ['https://user:pass@x/v2', 'azure', 'service-url-invalid'],
  ['https://x/v2?sig=1', 'azure', 'service-url-invalid'],
  ['nonsense', 'azure', 'service-url-invalid'],
];
it.each(URLS)('%s as %s', (url, dialect, fault) => {
  const finding = checkServiceUrl(url, dialect);
  expect(finding.fault).toBe(fault);
  expect(finding.message).not.toContain('pass@');
});

it('makes an instance that is one, names nobody, and is new each time', () => {
  const [one, two] = [harmlessInstance(NOW), harmlessInstance(NOW)];
  expect(isPart10(one.bytes)).toBe(true);
  expect(readIdentity(one.bytes)).toMatchObject({
    sopClassUID: '1.2.840.10008.5.1.4.1.1.7',
    sopInstanceUID: one.sopInstanceUID,
    studyInstanceUID: one.studyInstanceUID,
    seriesInstanceUID: one.seriesInstanceUID,
    transferSyntaxUID: '1.2.840.10008.1.2.1',
    patientID: 'OHIF-AZURE-DOCTOR',
  });
  expect(one.studyInstanceUID).not.toBe(two.studyInstanceUID);
});

it('reads no deployment from a file that does not run', () => {
  const { findings, deployment } = checkConfig('azure.js', {
    problem: 'syntax',
    message: 'SyntaxError',
    line: 3,
  });
  expect(findings).toMatchObject([
    { fault: 'config-syntax', message: expect.stringContaining('azure.js, line 3') },
  ]);
  expect(deployment).toBeUndefined();
});

it.each([
  [null],
  [1],
  ['window'],
  [{ dataSources: 'x' }],
  [{ dataSources: [null, { configuration: 5 }] }],
  [JSON.parse('{"__proto__":{"dataSources":[]}}')],
])('takes %j for a configuration without a data source of ours', config => {
  const { findings } = checkConfig('azure.js', { config });
  expect(findings[0]).toMatchObject({ status: 'fail', fault: 'config-settings' });
});

it('tells why there was no answer, also deep in the causes, and never an address', () => {
  const wrapped = new TypeError('fetch failed', {
    cause: Object.assign(new Error('connect https://secret'), { code: 'ECONNREFUSED' }),
  });
  expect(whyNoAnswer(wrapped)).toBe('nothing listens there');
  expect(whyNoAnswer(new DOMException('x', 'TimeoutError'))).toBe('no answer within 15 seconds');
  const ring: { cause?: unknown } = {};
  ring.cause = ring;
  expect(whyNoAnswer(ring)).toBe('no answer');
});

it('writes a report of lines', () => {
  expect(
    formatFindings([ok('clock', 'Right.'), warn('cors', 'cors-method', 'No DELETE.', 'Add it.')])
  ).toBe(
    'ok   clock           Right.\nwarn cors            No DELETE.\n                     Add it.'
  );
});
