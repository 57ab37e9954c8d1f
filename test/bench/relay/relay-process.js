/** The relay in a process of its own, as `ohif-azure relay` runs it, for a service on this machine. `node relay-process.js <upstream port> <folder>`; prints its port. */
import { readRelaySettings, startRelay } from '@ohif-azure/relay';

const [port, folder] = process.argv.slice(2);
const relay = await startRelay(
  readRelaySettings({
    DICOM_SERVICE_URL: `http://127.0.0.1:${port}/v2`,
    RELAY_CREDENTIAL: 'none',
    RELAY_PORT: '0',
    RELAY_DATA: folder,
  })
);
console.log(relay.port);
process.once('SIGTERM', () => void relay.close());
