/** Requests and revocation lists that our own issuer makes. */
import {
  createRequest,
  issueCertificate,
  issueRevocationList,
  issueRoot,
  parseCertificate,
} from '../../../../packages/pki/src/index.ts';
import { makeSigner } from '../../../../packages/pki/test/signers.ts';

const validity = { notBefore: new Date('2026-01-01'), notAfter: new Date('2036-01-01') };

export async function requests(): Promise<Uint8Array[]> {
  const names = [
    { kind: 'dns', value: 'a.example.org' },
    { kind: 'address', value: '192.0.2.7' },
  ] as const;
  const subject = 'CN=a.example.org,O=Example,C=DE';
  return Promise.all([
    createRequest({ signer: makeSigner('Ed25519').signer, subject, names }),
    createRequest({ signer: makeSigner('ECDSA-P256-SHA256').signer, subject, names: [] }),
  ]);
}

export async function revocationLists(): Promise<Uint8Array[]> {
  const { signer } = makeSigner('Ed25519');
  const authority = { certificate: await issueRoot({ signer, subject: 'CN=Root', validity }), signer };
  const { publicKey } = makeSigner('Ed25519').signer;
  const leaf = await issueCertificate({ authority, profile: 'client', subject: 'CN=leaf', publicKey, validity });
  const { serialNumber } = parseCertificate(leaf);
  const dates = { thisUpdate: new Date('2026-05-31'), nextUpdate: new Date('2026-06-07') };
  const revoked = [{ serialNumber, revokedAt: '2026-05-01T00:00:00Z', reason: 'keyCompromise' }] as const;
  return Promise.all([
    issueRevocationList({ authority, number: 7n, revoked: [], ...dates }),
    issueRevocationList({ authority, number: 8n, revoked, ...dates }),
  ]);
}
