import { startDicomService } from '@ohif-azure/emulator';
import { Command, Option } from 'commander';
import { integer, port } from '../options.ts';
import { rolesByAccount } from '../roles-by-account.ts';
import { discoverProvider } from '../provider-discovery.ts';
import { watchForStop } from '../stop-on-signal.ts';
import { UsageError } from '../usage-error.ts';

/** `ohif-azure emulator`: the DICOM service alone, without viewer and sign-in. */
export function emulatorCommand(): Command {
  return new Command('emulator')
    .description('Run the emulator of the Azure DICOM service alone.')
    .option('--port <n>', 'port (0: any free)', port, 8080)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .addOption(
      new Option('--auth <level>', 'what is checked of an access token')
        .choices(['none', 'claims', 'signature'])
        .default('none')
    )
    .option(
      '--authority <url>',
      'OpenID provider whose access tokens are accepted (claims, signature)'
    )
    .option('--data <dir>', 'folder of the DICOM files', '.ohif-azure/dicom')
    .addOption(
      new Option('--profile <name>', 'whose rules are followed where the sources differ')
        .choices(['hosted', 'open-source'])
        .default('hosted')
    )
    .option('--partitions', 'data partitions: all data below /partitions/<name>')
    .option('--cors-origin <origin...>', 'origins whose pages may use the service (default: any)')
    .option(
      '--role <account=role...>',
      'owner, reader or none, by object id, user name or client id; others have none (default: all are owner)'
    )
    .option(
      '--max-store-bytes <n>',
      'bytes of a Store request and of each part (default: as the profile has it)',
      integer(1, Number.MAX_SAFE_INTEGER)
    )
    .option(
      '--operation-delay-ms <n>',
      'milliseconds before a long-running operation begins',
      integer(0, 3_600_000),
      0
    )
    .option('--test-hooks', 'fault injection under /_test (loopback only)')
    .addHelpText(
      'after',
      `
When it is up it prints one line: ready dicom=<url>. Ctrl-C stops it; the studies stay in --data.

Examples:
  $ ohif-azure emulator
  $ ohif-azure emulator --port 0 --auth claims --authority http://localhost:8081/<tenant>/v2.0`
    )
    .action(async options => {
      if (options.auth !== 'none' && options.authority === undefined) {
        throw new UsageError(`--auth ${options.auth} needs --authority <url> of the provider.`);
      }
      const { stopped } = watchForStop();
      const service = await startDicomService({
        port: options.port,
        host: options.host,
        auth: options.auth,
        identity: options.authority && (await discoverProvider(options.authority)),
        roleOf: rolesByAccount(options.role),
        dataDir: options.data,
        profile: options.profile,
        partitions: options.partitions,
        corsOrigins: options.corsOrigin,
        maxStoreBytes: options.maxStoreBytes,
        operationDelayMs: options.operationDelayMs,
        testHooks: options.testHooks,
      });
      console.log(`ready dicom=${service.url}/v2`);
      await stopped;
      await service.close();
    });
}
