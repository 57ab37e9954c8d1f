import { decide, type Facts } from './match-rule.ts';
import { routingSchema } from './routing-schema.ts';

const FACTS: Facts = {
  modality: 'CT',
  sourceAETitle: 'CT_ROOM_2',
  stationName: 'Scanner 2 ',
  studyDescription: 'Thorax (HR) mit KM',
};
const nameFor = (when: Record<string, unknown>, facts: Partial<Facts> = {}): string =>
  decide(routingSchema.parse({ rules: [{ name: 'fits', when }] }), { ...FACTS, ...facts }).rule;

describe('rules', () => {
  // Attributes by PS3.6; values as PS3.5 6.2 pads them.
  it.each([
    ['no condition: everything', {}, {}, 'fits'],
    ['Modality (0008,0060)', { modality: 'CT' }, {}, 'fits'],
    ['one of several', { modality: ['MR', 'CT'] }, {}, 'fits'],
    ['another modality', { modality: 'MR' }, {}, 'otherwise'],
    ['a part is not the whole', { modality: 'C' }, {}, 'otherwise'],
    ['AE title with a wildcard (PS3.4 C.2.2.2.4)', { sourceAETitle: 'ct_*' }, {}, 'fits'],
    ['one character', { sourceAETitle: 'CT_ROOM_?' }, {}, 'fits'],
    ['one character, not none', { sourceAETitle: 'CT_ROOM_2?' }, {}, 'otherwise'],
    ['StationName (0008,1010), padded', { stationName: 'scanner 2' }, {}, 'fits'],
    ['StudyDescription with signs of expressions', { studyDescription: '*(HR)*' }, {}, 'fits'],
    ['a dot is a dot', { studyDescription: 'Thorax..HR* mit KM' }, {}, 'otherwise'],
    ['all conditions have to fit', { modality: 'CT', sourceAETitle: 'MR*' }, {}, 'otherwise'],
    [
      'what is missing fits an empty text alone',
      { stationName: 'x*' },
      { stationName: '' },
      'otherwise',
    ],
    ['names of objects are no patterns', { modality: '__proto__' }, {}, 'otherwise'],
    ['lines do not matter', { studyDescription: 'a*z' }, { studyDescription: 'a\r\nz' }, 'fits'],
  ])('%s', (_, when, facts, expected) => {
    expect(nameFor(when, facts)).toBe(expected);
  });

  it('answers in time to a pattern made to be slow', () => {
    const studyDescription = 'a'.repeat(5_000);
    expect(
      nameFor({ studyDescription: `${'*a'.repeat(3)}${'*'.repeat(80)}b` }, { studyDescription })
    ).toBe('otherwise');
  });

  it('takes the first that fits', () => {
    const routing = routingSchema.parse({
      rules: [
        { name: 'a', when: { modality: 'MR' } },
        { name: 'b', action: 'hold' },
        { name: 'c', action: 'skip' },
      ],
    });
    expect(decide(routing, FACTS)).toEqual({ rule: 'b', action: 'hold' });
  });
});

describe('the routing in the configuration', () => {
  it('has a default for everything', () => {
    expect(routingSchema.parse({})).toMatchObject({
      rules: [],
      otherwise: { action: 'send' },
      workers: 2,
    });
  });

  it.each([
    ['a profile that is not there', { otherwise: { deidentify: 'x' } }, 'otherwise.deidentify'],
    [
      'a profile called __proto__',
      { otherwise: { deidentify: '__proto__' } },
      'otherwise.deidentify',
    ],
    ['two rules of one name', { rules: [{ name: 'a' }, { name: 'a' }] }, 'rules.1.name'],
    ['skip and a server', { otherwise: { action: 'skip', server: 'a' } }, 'otherwise.action'],
    [
      'a profile that keeps the name',
      { profiles: { p: { keep: ['PatientName'] } } },
      'profiles.p.keep.0',
    ],
    [
      'a profile that sets the UID',
      { profiles: { p: { replace: { StudyInstanceUID: '1' } } } },
      'profiles.p.replace.StudyInstanceUID',
    ],
    ['a setting that there is not', { rule: [] }, ''],
    ['an action that there is not', { otherwise: { action: 'delete' } }, 'otherwise.action'],
    ['no workers', { workers: 0 }, 'workers'],
  ])('refuses %s', (_, routing, path) => {
    const result = routingSchema.safeParse(routing);
    expect(result.error?.issues.map(issue => issue.path.join('.'))).toContain(path);
  });
});
