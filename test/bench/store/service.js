/** The service of a measurement: the emulator, or a sink that takes every body and says that all of it is stored. */
import { createServer } from 'node:http';
import { startDicomService } from '@ohif-azure/emulator';

const { latencyMs, data, sink } = JSON.parse(process.argv[2]);

if (sink) {
  const server = createServer((request, response) => {
    setTimeout(() => {
      // What names the instances is at the beginnings of the parts; a piece rarely cuts one.
      const uids = new Set();
      let rest = '';
      request.on('data', piece => {
        const seen = rest + piece.toString('latin1');
        for (const [uid] of seen.matchAll(/2\.25\.7000\.1\.\d+(?=[^\d])/g)) uids.add(uid);
        rest = seen.slice(-100);
      });
      request.on('end', () => {
        const items = [...uids].map(uid => ({ '00081155': { vr: 'UI', Value: [uid] } }));
        response.writeHead(200, { 'Content-Type': 'application/dicom+json' });
        response.end(JSON.stringify({ '00081199': { vr: 'SQ', Value: items } }));
      });
    }, latencyMs);
  });
  server.listen(0, '127.0.0.1', () =>
    process.send({ serviceUrl: `http://127.0.0.1:${server.address().port}/v2` })
  );
} else {
  const service = await startDicomService({ port: 0, auth: 'none', dataDir: data, latencyMs });
  process.send({ serviceUrl: `http://127.0.0.1:${service.port}/v2` });
}
