import { loadRelaySettings, RelayError, startRelay } from '@ohif-azure/relay';
import { Command } from 'commander';
import { watchForStop } from '../stop-on-signal.ts';
import { UsageError } from '../usage-error.ts';
import { relayQueueCommand } from './relay-queue.ts';

/** `ohif-azure relay`: Orthanc to the Azure DICOM service, by hand and by itself. Settings come from a file and the environment. */
export function relayCommand(): Command {
  return new Command('relay')
    .addCommand(relayQueueCommand())
    .description(
      'Pass what Orthanc sends on to the DICOM service with an access token; with ORTHANC_URL also what arrives there. Settings: environment and file (see packages/relay/README.md).'
    )
    .option('--config <file>', 'settings file, JSON; the environment wins over it')
    .addHelpText(
      'after',
      `
When it is up it prints one line: ready relay=<url>. Ctrl-C stops it.

Example:
  $ OAUTH_CLIENT_ID=... OAUTH_CLIENT_SECRET=... OAUTH_TOKEN_ENDPOINT=https://login.microsoftonline.com/<tenant>/oauth2/v2.0/token \\
      DICOM_SERVICE_URL=https://ws-svc.dicom.azurehealthcareapis.com/v2 ohif-azure relay`
    )
    .action(async ({ config }: { config?: string }) => {
      const { stopped } = watchForStop();
      const relay = await started(config);
      console.log(`ready relay=${relay.url}`);
      await stopped;
      await relay.close();
    });
}

async function started(config: string | undefined): ReturnType<typeof startRelay> {
  try {
    return await startRelay(loadRelaySettings(process.env, config));
  } catch (cause) {
    // Wrong settings, or an address that cannot be had: for the user to put right.
    if (cause instanceof RelayError) throw new UsageError(cause.message, { cause });
    throw cause;
  }
}
