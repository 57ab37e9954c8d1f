import { Command } from 'commander';
import { startLocalStack } from '../local-stack/local-stack.ts';
import { integer, port } from '../options.ts';
import { watchForStop } from '../stop-on-signal.ts';

/** `ohif-azure dev`: the viewer, an Azure DICOM service and an identity provider on this machine. */
export function devCommand(): Command {
  return new Command('dev')
    .description('Run the viewer, the DICOM service and the identity provider on this machine.')
    .option('--viewer-port <n>', 'port of the viewer (0: any free)', port, 3000)
    .option('--dicom-port <n>', 'port of the DICOM service (0: any free)', port, 8080)
    .option('--identity-port <n>', 'port of the identity provider (0: any free)', port, 8081)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--data <dir>', 'folder of the studies and of the provider’s keys', '.ohif-azure')
    .option('--import <dir>', 'folder of DICOM files to store at start')
    .option('--no-seed', 'start without the synthetic studies')
    .option('--viewer <dir>', 'another prebuilt OHIF dist folder')
    .option(
      '--access-token-seconds <n>',
      'life of access tokens, in seconds',
      integer(5, 86_400),
      3600
    )
    .option(
      '--latency-ms <n>',
      'delay of each DICOM request, in milliseconds',
      integer(0, 60_000),
      0
    )
    .option('--test-hooks', 'fault injection under /_test (loopback only)')
    .addHelpText(
      'after',
      `
When all is up it prints one line: ready viewer=<url> dicom=<url> identity=<url>. Ctrl-C stops everything; the studies stay in --data.

Examples:
  $ ohif-azure dev
  $ ohif-azure dev --viewer-port 0 --dicom-port 0 --identity-port 0 --import ~/studies`
    )
    .action(async options => {
      const { stopped } = watchForStop();
      const stack = await startLocalStack(options);
      stack.notes.forEach(note => console.error(note));
      console.log(`ready viewer=${stack.viewer} dicom=${stack.dicom} identity=${stack.identity}`);
      await stopped;
      await stack.close();
    });
}
