import { english, type TextKey } from './english.ts';
import { french } from './french.ts';
import { text } from './index.ts';

const parts = (template: string) => [...template.matchAll(/\{\w+\}/g)].map(String).sort();

it('says the same things in both languages', () => {
  expect(Object.keys(french).sort()).toEqual(Object.keys(english).sort());
});

it.each(Object.keys(english) as TextKey[])('%s fills in the same values in both', key => {
  expect(parts(french[key])).toEqual(parts(english[key]));
});

it('speaks the language chosen in the viewer', () => {
  localStorage.setItem('i18nextLng', 'fr-CA');
  expect(text('action.sign-in')).toBe('Se connecter');
  localStorage.removeItem('i18nextLng');
  expect(text('action.sign-in')).toBe('Sign in');
});

/** A clinician is told about the report, not about the protocol. */
it.each(Object.entries(english).filter(([key]) => key.startsWith('report.')))(
  '%s has no status codes',
  (_key, template) => {
    expect(template).not.toMatch(/\b[1-5]\d\d\b|HTTP|STOW/);
  }
);
