import { readRelaySettings, RelayError, startRelay } from '@ohif-azure/relay';
import { Command } from 'commander';
import { watchForStop } from '../stop-on-signal.ts';
import { UsageError } from '../usage-error.ts';

/** `ohif-azure relay`: Orthanc's "Send to DICOMweb server" to the Azure DICOM service. Settings come from the environment. */
export function relayCommand(): Command {
  return new Command('relay')
    .description(
      'Pass what Orthanc sends on to the DICOM service, with an access token of client credentials. Settings: environment (see packages/relay/README.md).'
    )
    .action(async () => {
      const { stopped } = watchForStop();
      const relay = await started();
      console.log(`ready relay=${relay.url}`);
      await stopped;
      await relay.close();
    });
}

async function started(): ReturnType<typeof startRelay> {
  try {
    return await startRelay(readRelaySettings(process.env));
  } catch (cause) {
    // Wrong settings, or an address that cannot be had: for the user to put right.
    if (cause instanceof RelayError) throw new UsageError(cause.message, { cause });
    throw cause;
  }
}
