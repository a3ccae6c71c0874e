// A small TLS server to try QuantumVault on: classical and self-signed by default, or with a bundle that `qv protect` made.
//
//   npm run example:tls -- --port 8443
//   npm run example:tls -- --port 8444 --bundle bundle
//   npm run example:tls -- --port 8445 --kind hybrid
//   npm run example:tls -- --port 8446 --kind ml-dsa
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createServer, type TlsOptions } from 'node:tls';
import { parseArgs } from 'node:util';
import { StopRequest } from '../launcher/stop-request.ts';

interface Kind {
  readonly algorithm: { readonly name: string; readonly namedCurve?: string; readonly hash?: string };
  readonly options: TlsOptions;
}

const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

const kinds: Readonly<Record<string, Kind>> = {
  // As servers have it today: a certificate and groups that a quantum computer breaks.
  classical: { algorithm: ecdsa, options: { ecdhCurve: 'X25519:P-256' } },
  // Today's certificate with a key exchange that a quantum computer does not break.
  hybrid: { algorithm: ecdsa, options: { ecdhCurve: 'X25519MLKEM768:X25519:P-256' } },
  // The certificate too: ML-DSA, which clients without OpenSSL 3.5 or its like cannot verify yet.
  'ml-dsa': {
    algorithm: { name: 'ML-DSA-65' },
    options: { ecdhCurve: 'X25519MLKEM768:X25519', minVersion: 'TLSv1.3' },
  },
};

async function selfSigned({ algorithm, options }: Kind): Promise<TlsOptions> {
  await import('reflect-metadata');
  const { cryptoProvider, X509CertificateGenerator } = await import('@peculiar/x509');
  cryptoProvider.set(globalThis.crypto);
  const keys = await globalThis.crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  if (!('privateKey' in keys)) throw new Error(`${algorithm.name} makes no pair of keys`);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=localhost',
    notBefore: new Date(),
    notAfter: new Date(Date.now() + 90 * 24 * 3600 * 1000),
    signingAlgorithm: algorithm,
    keys,
  });
  const pkcs8 = Buffer.from(await globalThis.crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  const lines = pkcs8.match(/.{1,64}/g)?.join('\n') ?? '';
  return {
    ...options,
    key: `-----BEGIN PRIVATE KEY-----\n${lines}\n-----END PRIVATE KEY-----\n`,
    cert: certificate.toString('pem'),
  };
}

function bundleOptions(folder: string): TlsOptions {
  const file = (name: string): string => readFileSync(path.join(folder, name), 'utf8');
  return { ...JSON.parse(file('tls-options.json')), key: file('key.pem'), cert: file('cert.pem') };
}

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8443' },
    bundle: { type: 'string' },
    kind: { type: 'string', default: 'classical' },
  },
});
const kind = kinds[values.kind];
if (kind === undefined) {
  process.stderr.write(`There is no kind ${values.kind}; there are ${Object.keys(kinds).join(', ')}.\n`);
  process.exit(2);
}
const options = values.bundle === undefined ? await selfSigned(kind) : bundleOptions(values.bundle);
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
  process.stdout.write(`TLS server (${values.bundle ?? values.kind}) on localhost:${values.port}\n`);
});
// Also when npm ends, which passes no signal on.
void new StopRequest().asked.then(() => process.exit(0));
