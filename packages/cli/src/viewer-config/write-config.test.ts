import { settingRows } from '@ohif-azure/core/settings';
import { configTemplate } from '../project-files.ts';
import { CONFIG_FLAGS, configurationOf } from './config-flags.ts';
import { writeConfig } from './write-config.ts';

it('every setting that is not reserved has a flag of its own', () => {
  const rows = settingRows('serviceUrl').filter(
    ({ description }) => !description.startsWith('Reserved')
  );
  expect(CONFIG_FLAGS.map(({ row }) => row.path)).toEqual(rows.map(({ path }) => path));
  const flags = CONFIG_FLAGS.map(({ flag }) => flag);
  expect(new Set(flags).size).toBe(flags.length);
  expect(flags).toEqual(
    expect.arrayContaining([
      '--service-url',
      '--tenant-id',
      '--client-id',
      '--sign-in-when',
      '--share-tokens-accept',
    ])
  );
});

it('gives values the type of their setting', () => {
  const values = new Map([
    ['serviceUrl', 'https://a'],
    ['signIn.scopes', 'openid, profile'],
    ['shareTokens.accept', 'false'],
    ['report.observer', 'none'],
  ]);
  expect(configurationOf(values)).toEqual({
    serviceUrl: 'https://a',
    signIn: { scopes: ['openid', 'profile'] },
    shareTokens: { accept: false },
    report: { observer: 'none' },
  });
});

it('replaces the configuration in the shipped file and nothing else', () => {
  const template = configTemplate();
  const text = writeConfig(template, { serviceUrl: "https://a'}{" });
  expect(text).toContain(`configuration: {\n          serviceUrl: 'https://a\\'}{',\n        },`);
  expect(text.slice(text.indexOf('// Settings of the viewer itself'))).toBe(
    template.slice(template.indexOf('// Settings of the viewer itself'))
  );
  expect(text).not.toMatch(/'<.*>'/);
});

it('fails when the shipped file no longer fits', () => {
  expect(() => writeConfig('', {})).toThrow('not exactly one');
});
