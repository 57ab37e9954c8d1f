import { startDicomService } from '@ohif-azure/emulator';
import { Command, Option } from 'commander';
import { port } from '../options.ts';
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
        .default('open-source')
    )
    .option('--partitions', 'data partitions: not there yet', false)
    .option('--test-hooks', 'fault injection under /_test (loopback only)', false)
    .action(async options => {
      if (options.partitions) throw new UsageError('--partitions: this emulator has none yet.');
      if (options.auth !== 'none' && options.authority === undefined) {
        throw new UsageError(`--auth ${options.auth} needs --authority <url> of the provider.`);
      }
      const { stopped } = watchForStop();
      const service = await startDicomService({
        port: options.port,
        host: options.host,
        auth: options.auth,
        identity: options.authority && (await discoverProvider(options.authority)),
        // There is no directory of roles here: whoever has a good access token may do everything.
        roleOf: () => 'owner',
        dataDir: options.data,
        profile: options.profile,
        testHooks: options.testHooks,
      });
      console.log(`ready dicom=${service.url}/v2`);
      await stopped;
      await service.close();
    });
}
