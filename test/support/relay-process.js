/**
 * A relay in a process of its own, to be killed: `node relay-process.js <config.json>`, settings from the environment too.
 * Prints `ready relay=<url>`, as the command does. Uses the built packages.
 */
import { loadRelaySettings, startRelay } from '@ohif-azure/relay';

const relay = await startRelay(loadRelaySettings(process.env, process.argv[2]));
console.log(`ready relay=${relay.url}`);
process.once('SIGTERM', () => void relay.close());
