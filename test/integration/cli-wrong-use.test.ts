import { tmpdir } from 'node:os';
import path from 'node:path';
import { runCli } from '../support/run-cli.ts';

/** Nobody listens there: wrong use is told before anything is asked. */
const env = {
  DICOM_SERVICE_URL: 'http://127.0.0.1:9/v2',
  OHIF_AZURE_STATE: path.join(tmpdir(), 'ohif-azure-no-state'),
};
const cli = (args: string[]) => runCli(args, { env });

describe('wrong use', () => {
  const WRONG: [args: string[], says: RegExp][] = [
    [['store'], /Name files or folders, or --resume/],
    [['store', '--resume'], /no run to go on with/],
    [['store', '/no/such/folder'], /no such file or folder/],
    [['store', '.', '--concurrency', '0'], /'0' is invalid.*from 1 to 64/s],
    [['studies', '--limt', '5'], /unknown option '--limt'[\s\S]*--limit/],
    [['studies', '--date', 'yesterday'], /YYYYMMDD/],
    [['studies', '--auth', 'password'], /Allowed choices are none, client-credentials/],
    [['instances', '--series', '1.2'], /--series needs --study/],
    [['delete'], /required option '--study <uid>'/],
    [['delete', '--study', 'x/..'], /Expected a UID/],
    [['delete', '--study', '1.2', '--instance', '1.3', '--yes'], /--instance needs --series/],
    [['retrieve', '--study', '1.2', '--out', 'o', '--layout', 'a.dcm'], /\{instance\}/],
    [['studies', '--service', 'ftp://x'], /no http\(s\) URL/],
    [
      ['studies', '--service', 'https://a-b.dicom.azurehealthcareapis.com'],
      /version is missing \(\/v2\)/,
    ],
    [
      ['studies', '--service', 'https://archive.example/v2'],
      /OAUTH_CLIENT_ID[\s\S]*AUTH_CONNECTION_INFO[\s\S]*DICOM_ACCESS_TOKEN/,
    ],
    [['nonsense'], /unknown command 'nonsense'/],
  ];
  it.each(WRONG)(
    '%j ends with 2 and says what was expected',
    async (args, says) => {
      const { status, stderr, stdout } = await cli(args);
      expect([status, stdout, stderr]).toEqual([2, '', expect.stringMatching(says)]);
    },
    30_000
  );

  it('every command has help with an example, and exit status 0', async () => {
    const { stdout } = await cli(['--help']);
    const names = [...stdout.matchAll(/^ {2}([a-z]+) \[?/gm)]
      .map(([, name = '']) => name)
      .filter(name => name !== 'help');
    expect(names).toEqual(
      expect.arrayContaining([
        'store',
        'retrieve',
        'studies',
        'series',
        'instances',
        'delete',
        'config',
        'install',
        'uninstall',
        'doctor',
        'token',
        'completion',
        'dev',
        'emulator',
        'relay',
      ])
    );
    for (const name of names) {
      const help = await cli([name, '--help']);
      expect([name, help.status, help.stdout]).toEqual([
        name,
        0,
        expect.stringMatching(/Examples?:\n {2}\$ /),
      ]);
    }
  }, 60_000);
});
