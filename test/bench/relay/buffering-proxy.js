/** The way of a plug-in that gets a body only when it is complete: all of it in memory, then on. `node buffering-proxy.js <upstream port>`; prints its port. */
import { createServer, request } from 'node:http';

const upstreamPort = Number(process.argv[2]);

createServer({ requestTimeout: 0 }, async (incoming, response) => {
  const chunks = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const { 'content-type': type } = incoming.headers;
  const headers = { 'content-type': type, 'content-length': body.length };
  const options = { port: upstreamPort, host: '127.0.0.1', method: 'POST', path: '/v2/studies' };
  const outgoing = request({ ...options, headers }, answer => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
  outgoing.end(body);
}).listen(0, '127.0.0.1', function () {
  console.log(this.address().port);
});
