// A TLS server in a process of its own, so that nothing of ours is in it: the runtime's OpenSSL reads key and chain from files.
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';

const [keyFile, chainFile, rootFile] = process.argv.slice(2);
const key = readFileSync(keyFile);
const cert = readFileSync(chainFile);
const [leaf] = cert.toString().match(/-----BEGIN[\s\S]+?-----END CERTIFICATE-----\n/g);
const certificate = new X509Certificate(leaf);
const own = createPublicKey(createPrivateKey(key)).export({ format: 'der', type: 'spki' });
const facts = {
  openssl: process.versions.openssl,
  keyFits: own.equals(certificate.publicKey.export({ format: 'der', type: 'spki' })),
  keyType: certificate.publicKey.asymmetricKeyType,
};
const server = createServer(
  { key, cert, ca: readFileSync(rootFile), requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.3' },
  (request, response) => {
    response.end(JSON.stringify({ client: request.socket.getPeerCertificate().subject?.CN ?? null }));
  },
);
server.listen(0, '127.0.0.1', () =>
  process.stdout.write(`${JSON.stringify({ ...facts, port: server.address().port })}\n`),
);
