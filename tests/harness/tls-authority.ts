import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type CertificateProfileName, issueCertificate, issueRoot } from '@quantumvault/pki';
import { makeSigner, type nativeAlgorithms } from '../../packages/pki/test/signers.ts';

const hour = 3_600_000;

type TestAlgorithm = (typeof nativeAlgorithms)[number];

export interface TestLeaf {
  readonly cert: string;
  readonly key: string;
}

function pem(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

/** An authority of its own for one test, and the files of a listener. */
export class TestAuthority {
  readonly root: string;
  readonly folder = mkdtempSync(path.join(tmpdir(), 'qv-tls-'));
  readonly #der: Uint8Array;
  readonly #signer: ReturnType<typeof makeSigner>['signer'];

  private constructor(der: Uint8Array, signer: ReturnType<typeof makeSigner>['signer']) {
    this.#der = der;
    this.#signer = signer;
    this.root = pem(der);
  }

  static async create(algorithm: TestAlgorithm = 'ML-DSA-87'): Promise<TestAuthority> {
    const { signer } = makeSigner(algorithm);
    const validity = { notBefore: new Date(Date.now() - hour), notAfter: new Date(Date.now() + 48 * hour) };
    return new TestAuthority(await issueRoot({ signer, subject: 'CN=Test authority', validity }), signer);
  }

  async issue(
    profile: CertificateProfileName,
    subject: string,
    { algorithm = 'ML-DSA-65', hours = 24 }: { algorithm?: TestAlgorithm; hours?: number } = {},
  ): Promise<TestLeaf> {
    const { signer, privateKey } = makeSigner(algorithm);
    const der = await issueCertificate({
      authority: { certificate: this.#der, signer: this.#signer },
      profile,
      publicKey: signer.publicKey,
      subject,
      names: [{ kind: 'address', value: '127.0.0.1' }],
      validity: { notBefore: new Date(Date.now() - hour), notAfter: new Date(Date.now() + hours * hour) },
    });
    return { cert: pem(der), key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString() };
  }

  file(name: string): string {
    return path.join(this.folder, name);
  }

  write(name: string, content: string, mode = 0o600): string {
    writeFileSync(this.file(name), content, { mode });
    return this.file(name);
  }

  /** `server.pem` and `server.key`, the key first: a listener that looks between them must wait. */
  writeServer({ cert, key }: TestLeaf): { certificateFile: string; keyFile: string } {
    const keyFile = this.write('server.key', key);
    return { keyFile, certificateFile: this.write('server.pem', cert, 0o644) };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
