/** The client of a measurement: stores files, or sends bytes as fast as the line takes them. */
import { request as send } from 'node:http';
import { createNodeClient, storeFiles } from '@ohif-azure/dicomweb/node';

const { serviceUrl, files, raw, ...options } = JSON.parse(process.argv[2]);

async function store() {
  const client = createNodeClient({ serviceUrl, dialect: 'azure' });
  const started = performance.now();
  const { summary, requests } = await storeFiles(client, [files], options);
  const ms = performance.now() - started;
  client.close();
  const others = Object.entries(summary).filter(([kind, count]) => kind !== 'stored' && count > 0);
  if (others.length > 0) throw new Error(`Not all are stored: ${JSON.stringify(summary)}`);
  return { ms, requests };
}

function sendBytes() {
  const piece = Buffer.alloc(256 * 1024);
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const outgoing = send(`${serviceUrl}/raw`, { method: 'POST' }, answer => {
      answer.resume();
      answer.on('end', () => resolve({ ms: performance.now() - started, requests: 1 }));
    });
    outgoing.on('error', reject);
    let left = raw;
    const write = () => {
      while (left > 0) {
        left -= piece.length;
        if (!outgoing.write(piece)) return void outgoing.once('drain', write);
      }
      outgoing.end();
    };
    write();
  });
}

const result = await (raw ? sendBytes() : store());
process.send({ ...result, maxRssBytes: process.resourceUsage().maxRSS * 1024 }, () =>
  process.exit(0)
);
