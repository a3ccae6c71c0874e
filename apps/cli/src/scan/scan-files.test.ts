import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { routes } from '@quantumvault/api';
import { describe, expect, it } from 'vitest';
import { makeCertificate } from '../../../../providers/src/discovery/tls/testing/make-certificate.ts';
import { openWorkplace } from '../../test/run-qv.ts';
import { sampleAsset } from '../../test/samples.ts';

const old = makeCertificate({ keyType: 'rsa-1024', commonName: 'old.test', notAfter: new Date('2021-01-01') });
const capture = new URL('../../../../tests/vectors/pcap-zeek/tls/', import.meta.url);

describe('INV-4: qv scan certificates', () => {
  it('says what is in a folder and what is wrong with it, for people and as JSON', async () => {
    await using workplace = await openWorkplace({});
    writeFileSync(join(workplace.folder, 'server.any'), old.certPem + old.keyPem);
    const { exitCode, out } = await workplace.qv('scan certificates .');
    expect(exitCode).toBe(0);
    expect(out).toContain('CN=old.test, key RSA-1024');
    expect(out).toContain('The certificate expired on 2021-01-01T00:00:00Z.');
    expect(out).toContain('private-key\n  key RSA-1024, not encrypted');
    const { found } = JSON.parse((await workplace.qv('scan certificates . --json')).out);
    expect(found.map(({ kind }: { kind: string }) => kind)).toEqual(['certificate', 'private-key']);
    expect(found[0].findings.map(({ id }: { id: string }) => id)).toContain('certificate-weak-key');
  });

  it('sends certificates with --save and never a key', async () => {
    const sent: string[] = [];
    await using workplace = await openWorkplace({
      importCertificates: ({ body }) => {
        sent.push(...(routes.importCertificates.body.parse(body) as { certificates: string[] }).certificates);
        return { value: { items: [sampleAsset({ type: 'certificate', name: 'old.test' })] } };
      },
    });
    writeFileSync(join(workplace.folder, 'a.pem'), old.keyPem + old.certPem + old.certPem);
    const { exitCode, out } = await workplace.qv('scan certificates . --save');
    expect(exitCode).toBe(0);
    expect(out).toContain('Stored:');
    expect(sent).toEqual([old.der.toString('base64')]);
  });

  it('finding nothing is a negative answer, and a missing path is named', async () => {
    await using workplace = await openWorkplace({});
    const { exitCode, err, out } = await workplace.qv('scan certificates nowhere');
    expect([exitCode, out]).toEqual([1, '0 found in 0 files; 1 not read.\n']);
    expect(err).toContain('nowhere: cannot be read (ENOENT)');
  });
});

describe('INV-3: qv scan capture', () => {
  it('says what recorded TLS agreed on, and names what is no capture', async () => {
    await using workplace = await openWorkplace({});
    writeFileSync(join(workplace.folder, 'a.pcap'), readFileSync(new URL('ecdsa-cert.pcap', capture)));
    const { exitCode, out } = await workplace.qv('scan capture a.pcap');
    expect(exitCode).toBe(0);
    expect(out).toContain('TLSv1.2');
    const [connection] = JSON.parse((await workplace.qv('scan capture a.pcap --json')).out);
    expect(connection).toMatchObject({ version: 'TLSv1.2', transport: 'tcp' });
    writeFileSync(join(workplace.folder, 'b.pcap'), 'not a capture at all');
    expect(await workplace.qv('scan capture b.pcap')).toMatchObject({ exitCode: 2 });
  });
});
