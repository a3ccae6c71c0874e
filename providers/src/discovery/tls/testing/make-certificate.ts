/**
 * Makes certificates for tests: a small DER writer and Node's own keys, so that no private key lies in the repository
 * and no certificate in it expires. Not for any other use: it checks nothing.
 */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

export type TestKeyType = 'rsa-1024' | 'rsa-2048' | 'ec-p256' | 'ed25519' | 'ml-dsa-44';

export interface TestCertificateOptions {
  readonly keyType: TestKeyType;
  readonly commonName: string;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  /** Hash of an RSA or ECDSA signature. */
  readonly hash?: 'sha1' | 'sha256';
  /** Signs with this instead of its own key. */
  readonly issuer?: TestCertificate;
  /** Appends this many bytes in an extension, to make a huge certificate. */
  readonly paddingBytes?: number;
}

export interface TestCertificate {
  readonly der: Buffer;
  readonly certPem: string;
  readonly keyPem: string;
  readonly commonName: string;
  readonly keyType: TestKeyType;
  readonly privateKey: KeyObject;
}

export function makeCertificate(options: TestCertificateOptions): TestCertificate {
  const { privateKey, publicKey } = generateKeys(options.keyType);
  const hash = options.hash ?? 'sha256';
  const signer = options.issuer ?? { privateKey, keyType: options.keyType, commonName: options.commonName };
  const algorithm = signatureAlgorithm(signer.keyType, hash);
  const tbs = sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.from([1, 2, 3, 4])),
    algorithm,
    name(signer.commonName),
    sequence(time(options.notBefore ?? new Date('2020-01-01')), time(options.notAfter ?? new Date('2120-01-01'))),
    name(options.commonName),
    publicKey.export({ format: 'der', type: 'spki' }),
    ...(options.paddingBytes === undefined ? [] : [tagged(0xa3, sequence(padding(options.paddingBytes)))]),
  );
  const usesHash = signer.keyType.startsWith('rsa') || signer.keyType.startsWith('ec-');
  const signature = sign(usesHash ? hash : null, tbs, signer.privateKey);
  const der = sequence(tbs, algorithm, tagged(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const keyPem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  return { der, certPem: pem(der), keyPem, commonName: options.commonName, keyType: options.keyType, privateKey };
}

function generateKeys(keyType: TestKeyType): { privateKey: KeyObject; publicKey: KeyObject } {
  switch (keyType) {
    case 'rsa-1024':
      return generateKeyPairSync('rsa', { modulusLength: 1024 });
    case 'rsa-2048':
      return generateKeyPairSync('rsa', { modulusLength: 2048 });
    case 'ec-p256':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' });
    case 'ed25519':
      return generateKeyPairSync('ed25519');
    case 'ml-dsa-44':
      return generateKeyPairSync('ml-dsa-44');
  }
}

function signatureAlgorithm(keyType: TestKeyType, hash: 'sha1' | 'sha256'): Buffer {
  if (keyType === 'ed25519') return sequence(oid('06032b6570'));
  if (keyType === 'ml-dsa-44') return sequence(oid('0609608648016503040311'));
  if (keyType === 'ec-p256') return sequence(oid(hash === 'sha1' ? '06072a8648ce3d0401' : '06082a8648ce3d040302'));
  return sequence(oid(hash === 'sha1' ? '06092a864886f70d010105' : '06092a864886f70d01010b'), Buffer.from([5, 0]));
}

function name(commonName: string): Buffer {
  return sequence(tagged(0x31, sequence(oid('0603550403'), tagged(0x0c, Buffer.from(commonName, 'utf8')))));
}

// A private extension (arc 1.3.6.1.4.1.55555) that holds nothing but zeros.
function padding(length: number): Buffer {
  return sequence(oid('06082b0601040183b203'), tagged(0x04, Buffer.alloc(length)));
}

function time(instant: Date): Buffer {
  const text = instant.toISOString().replace(/[-:T]|\.\d+/g, '');
  return tagged(0x18, Buffer.from(text, 'ascii'));
}

function oid(hex: string): Buffer {
  return Buffer.from(hex, 'hex');
}

function integer(content: Buffer): Buffer {
  return tagged(0x02, content);
}

function sequence(...parts: readonly Uint8Array[]): Buffer {
  return tagged(0x30, Buffer.concat(parts));
}

function tagged(tag: number, content: Uint8Array): Buffer {
  const { length } = content;
  const header =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : length < 0x1_00_00
          ? [tag, 0x82, length >> 8, length & 0xff]
          : [tag, 0x83, length >> 16, (length >> 8) & 0xff, length & 0xff];
  return Buffer.concat([Buffer.from(header), content]);
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
