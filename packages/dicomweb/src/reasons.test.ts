import {
  describeFailureReason,
  describeWarningReason,
  formatReasonCode,
  KNOWN_FAILURE_REASONS,
  KNOWN_WARNING_REASONS,
} from './reasons.ts';

describe('describeFailureReason', () => {
  const ROWS = [
    ['PS3.18 I.2-2', 272, '0x0110', 'Processing failure', 'transient'],
    ['Azure FailureReasonCodes', 273, '0x0111', 'Blob not found', 'transient'],
    ['PS3.7 C.5.13', 288, '0x0120', 'Missing attribute', 'permanent'],
    ['PS3.7 C.5.14', 289, '0x0121', 'Missing attribute value', 'permanent'],
    ['PS3.18 I.2-2', 290, '0x0122', 'Referenced SOP Class not supported', 'permanent'],
    ['PS3.18 I.2-2 A7xx first', 42752, '0xA700', 'Refused: out of resources', 'transient'],
    ['PS3.18 I.2-2 A7xx last', 43007, '0xA7FF', 'Refused: out of resources', 'transient'],
    ['PS3.18 I.2-2 beyond A7xx', 43008, '0xA800', 'Unknown failure reason', 'permanent'],
    ['Azure v2 Store', 43264, '0xA900', 'Validation failure', 'permanent'],
    ['Azure v2 Store', 43265, '0xA901', 'Study Instance UID mismatch', 'permanent'],
    ['PS3.18 I.2-2 A9xx', 43266, '0xA902', 'Error: data set does not match SOP Class', 'permanent'],
    ['Azure v2 Store', 45070, '0xB00E', 'Instance already exists', 'permanent'],
    ['Azure v2 Store', 45071, '0xB00F', 'Instance is being created', 'transient'],
    ['PS3.18 I.2-2 Cxxx', 49152, '0xC000', 'Error: cannot understand', 'permanent'],
    ['PS3.18 I.2-2 C122', 49442, '0xC122', 'Referenced Transfer Syntax not supported', 'permanent'],
    ['PS3.18 I.2-2 Cxxx last', 53247, '0xCFFF', 'Error: cannot understand', 'permanent'],
    ['not a code', 7, '0x0007', 'Unknown failure reason', 'permanent'],
  ] as const;
  it.each(ROWS)('%s: %i (%s) is "%s", %s', (_cite, code, hex, name, retry) => {
    expect(describeFailureReason(code)).toMatchObject({ code, hex, name, retry });
  });
});

describe('describeWarningReason', () => {
  const ROWS = [
    ['Azure v2 Store', 1, '0x0001', 'Validation warnings'],
    ['PS3.18 I.2-1', 45056, '0xB000', 'Coercion of data elements'],
    ['PS3.18 I.2-1', 45062, '0xB006', 'Elements discarded'],
    ['PS3.18 I.2-1; Azure v2 Store', 45063, '0xB007', 'Data set does not match SOP Class'],
    ['not a code', 2, '0x0002', 'Unknown warning reason'],
  ] as const;
  it.each(ROWS)('%s: %i (%s) is "%s"', (_cite, code, hex, name) => {
    const reason = describeWarningReason(code);
    expect(reason).toMatchObject({ code, hex, name });
    expect(reason.meaning).toMatch(/is stored/);
  });
});

it('says of every code what it means, what to do, and where it is defined', () => {
  const all = [
    ...[...KNOWN_FAILURE_REASONS, 0xa7aa, 0xa9aa, 0xcaaa, 9].map(describeFailureReason),
    ...[...KNOWN_WARNING_REASONS, 9].map(describeWarningReason),
  ];
  for (const { meaning, remedy, source } of all) {
    expect(meaning).toMatch(/^[A-Z].*\.$/);
    expect(remedy).toMatch(/^[A-Z].*\.$/);
    expect(source).not.toBe('');
  }
});

it('prints codes in decimal and hexadecimal', () => {
  expect(formatReasonCode(45070)).toBe('45070 (0xB00E)');
});
