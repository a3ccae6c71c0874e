/**
 * A process of its own that serves TLS on many loopback addresses, so that its work is not counted as the scanner's:
 * `node endpoints.ts COUNT` prints the port when all of them listen, and ends with its standard input.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:tls';
import { makeCertificate } from '../../../providers/src/discovery/tls/testing/make-certificate.ts';
import { endpointAddress } from './endpoint-address.ts';

const count = Number(process.argv[2]);
const { keyPem: key, certPem: cert } = makeCertificate({ keyType: 'ec-p256', commonName: 'endpoint.test' });

async function listen(host: string, port: number): Promise<Server> {
  const server = createServer({ key, cert }, (socket) => socket.on('error', () => {}));
  // A scanner that ends a handshake early is an error to the server, and expected here.
  server.on('tlsClientError', () => {});
  server.listen({ host, port, backlog: 64 });
  await once(server, 'listening');
  return server;
}

const address = (await listen(endpointAddress(0), 0)).address();
if (address === null || typeof address === 'string') throw new Error('the server has no port');
for (let number = 1; number < count; number += 1) await listen(endpointAddress(number), address.port);
console.log(address.port);
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
