import { generateSigningKey, importSigningKey } from '@quantumvault/crypto';
import { issueCertificate, issueRoot, signerOfKey } from '@quantumvault/pki';
import { beforeAll, describe, expect, it } from 'vitest';
import { compileAccess } from '../../../kernel/access.ts';
import { requestFrom } from '../identity.test-support.ts';
import { CertificateAuthenticator } from './authenticate-certificate.ts';
import { readCertificate } from './certificate-facts.ts';
import type { FoundCertificate } from './certificate-repository.ts';

const organizationId = '01920000-0000-7000-8000-000000000001';
const [from, to] = [new Date('2026-01-01T00:00:00Z'), new Date('2026-02-01T00:00:00Z')];
const refused = { code: 'IDENTITY_UNAUTHENTICATED' };
const known: FoundCertificate = {
  id: '01920000-0000-7000-8000-000000000002',
  subjectId: '01920000-0000-7000-8000-000000000003',
  subjectKind: 'device',
  usable: true,
  accessVersion: 1n,
  permissions: ['asset.read', 'asset.steal'],
};
let der: Uint8Array;

beforeAll(async () => {
  const signer = () => {
    const { algorithm, privateKey } = generateSigningKey('Ed25519');
    return signerOfKey(importSigningKey({ algorithm, privateKey }));
  };
  const [root, leaf] = [signer(), signer()];
  const validity = { notBefore: from, notAfter: to };
  const certificate = await issueRoot({ signer: root, subject: 'CN=Authority', validity });
  der = await issueCertificate({
    authority: { certificate, signer: root },
    profile: 'client',
    publicKey: leaf.publicKey,
    subject: 'CN=sensor',
    names: [],
    validity,
  });
});

function authenticatorAt(now: Date, found: FoundCertificate | null = known) {
  const asked: { organizationId: string; certificate: Uint8Array; names: Uint8Array }[] = [];
  const refusals: (string | null)[] = [];
  const authenticator = new CertificateAuthenticator({
    directory: {
      find: async (wanted) => {
        asked.push(wanted);
        return found;
      },
    },
    access: { at: async () => compileAccess([]) },
    clock: { now: () => now },
    countRefusal: (address) => refusals.push(address),
  });
  return { authenticator, asked, refusals };
}

describe('ACC-2: certificates of clients', () => {
  it('ACC-2: a certificate of a device acts as the device, with known permissions alone', async () => {
    const { authenticator, asked } = authenticatorAt(from);
    const actor = await authenticator.authenticate({ der, organizationId }, requestFrom('192.0.2.1'));
    expect(actor).toMatchObject({ kind: 'device', id: known.subjectId, tenantId: organizationId });
    expect(actor.credential).toMatchObject({ kind: 'certificate', id: known.id, deviceId: known.subjectId });
    expect([...(actor.credential.permissions ?? [])]).toEqual(['asset.read']);
    expect(asked).toMatchObject([{ organizationId, certificate: readCertificate(der).certificate }]);
  });

  it.each([
    ['not yet valid', new Date(from.getTime() - 1), known],
    ['ended, on a connection that goes on', new Date(to.getTime() + 1), known],
    ['of somebody who is suspended', from, { ...known, usable: false }],
    ['bound to nobody', from, null],
  ] as const)(
    'ACC-2: a certificate that is %s is refused in the request itself, and counted',
    async (_, now, found) => {
      const { authenticator, refusals } = authenticatorAt(now, found);
      await expect(authenticator.authenticate({ der, organizationId }, requestFrom('192.0.2.1'))).rejects.toMatchObject(
        refused,
      );
      expect(refusals).toEqual(['192.0.2.1']);
    },
  );

  it('ACC-2: bytes that are no certificate are nobody’s', async () => {
    const { authenticator, asked } = authenticatorAt(from);
    await expect(
      authenticator.authenticate({ der: der.subarray(1), organizationId }, requestFrom(null)),
    ).rejects.toMatchObject(refused);
    expect(asked).toEqual([]);
  });
});
