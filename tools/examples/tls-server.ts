// A small TLS server to try QuantumVault on: classical and self-signed by default, or with a bundle that `qv protect` made.
//
//   npm run example:tls -- --port 8443
//   npm run example:tls -- --port 8444 --bundle bundle
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createServer, type TlsOptions } from 'node:tls';
import { parseArgs } from 'node:util';

/** A certificate as servers have it today: ECDSA P-256, self-signed, and groups that a quantum computer breaks. */
async function classicalOptions(): Promise<TlsOptions> {
  await import('reflect-metadata');
  const { cryptoProvider, X509CertificateGenerator } = await import('@peculiar/x509');
  cryptoProvider.set(globalThis.crypto);
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await globalThis.crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=localhost',
    notBefore: new Date(),
    notAfter: new Date(Date.now() + 90 * 24 * 3600 * 1000),
    signingAlgorithm: algorithm,
    keys,
  });
  const pkcs8 = Buffer.from(await globalThis.crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return {
    key: `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----\n`,
    cert: certificate.toString('pem'),
    ecdhCurve: 'X25519:P-256',
  };
}

function bundleOptions(folder: string): TlsOptions {
  const file = (name: string): string => readFileSync(path.join(folder, name), 'utf8');
  return { ...JSON.parse(file('tls-options.json')), key: file('key.pem'), cert: file('cert.pem') };
}

const { values } = parseArgs({ options: { port: { type: 'string', default: '8443' }, bundle: { type: 'string' } } });
const options = values.bundle === undefined ? await classicalOptions() : bundleOptions(values.bundle);
const server = createServer(options, (socket) => {
  socket.on('error', () => socket.destroy());
  socket.end('hello\n');
});
server.on('tlsClientError', () => {});
server.on('error', (error) => {
  process.stderr.write(`The example cannot listen on port ${values.port}: ${error.message}\n`);
  process.exit(1);
});
server.listen(Number(values.port), '127.0.0.1', () => {
  process.stdout.write(
    `TLS server (${values.bundle === undefined ? 'classical' : values.bundle}) on localhost:${values.port}\n`,
  );
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(0));
