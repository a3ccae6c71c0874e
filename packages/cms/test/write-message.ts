// Writes AuthEnvelopedData with KEMRecipientInfo, for tests of the reader: what no published message has.
import {
  gcmSeal,
  hkdfSha256,
  hkdfSha384,
  hkdfSha512,
  kemEncapsulateTo,
  SecretBytes,
  secretAccess,
  wrapKey,
} from '@quantumvault/crypto';

export function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size =
    length < 0x80
      ? [length]
      : length < 0x100
        ? [0x81, length]
        : length < 0x10000
          ? [0x82, length >> 8, length & 0xff]
          : [0x83, length >> 16, (length >> 8) & 0xff, length & 0xff];
  return new Uint8Array(Buffer.concat([Buffer.from([tag, ...size]), content]));
}

/** The same content in BER: no length in front, an end mark behind. */
export const indefinite = (tag: number, ...parts: readonly Uint8Array[]): Uint8Array =>
  new Uint8Array(Buffer.concat([Buffer.from([tag, 0x80]), ...parts, Buffer.from([0, 0])]));

export function oid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((arc) => {
    const groups = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) groups.unshift(0x80 + (left % 128));
    return groups;
  });
  return der(0x06, Uint8Array.from(bytes));
}

export const oids = {
  authEnvelopedData: '1.2.840.113549.1.9.16.1.23',
  envelopedData: '1.2.840.113549.1.7.3',
  kemRecipient: '1.2.840.113549.1.9.16.13.3',
  data: '1.2.840.113549.1.7.1',
  contentType: '1.2.840.113549.1.9.3',
  aes256Wrap: '2.16.840.1.101.3.4.1.45',
  aes256Gcm: '2.16.840.1.101.3.4.1.46',
  hkdf: {
    sha256: '1.2.840.113549.1.9.16.3.28',
    sha384: '1.2.840.113549.1.9.16.3.29',
    sha512: '1.2.840.113549.1.9.16.3.30',
  },
} as const;

const hkdfs = { sha256: hkdfSha256, sha384: hkdfSha384, sha512: hkdfSha512 } as const;

export interface Recipient {
  readonly kem: string;
  readonly kemOid: string;
  readonly publicKey: Uint8Array;
  readonly hash?: keyof typeof hkdfs;
  readonly ukm?: Uint8Array;
  readonly isByIssuer?: boolean;
  /** Written in place of the right ones: what no reader takes. */
  readonly kdfOid?: string;
  readonly wrapOid?: string;
  readonly enc?: Uint8Array;
}

export interface MessageOptions {
  readonly recipients: readonly (Recipient | Uint8Array)[];
  readonly content: Uint8Array;
  readonly contentType?: string;
  readonly attributes?: readonly Uint8Array[];
  /** Writes as streaming writers do: lengths that are not known in front, content in pieces. */
  readonly isBer?: boolean;
  readonly tagLength?: number;
  readonly unauthenticated?: Uint8Array;
  readonly originator?: Uint8Array;
}

export function contentTypeAttribute(type: string): Uint8Array {
  return der(0x30, oid(oids.contentType), der(0x31, oid(type)));
}

function writeRecipient(dataKey: SecretBytes, recipient: Recipient): Uint8Array {
  const { kem, kemOid, publicKey, hash = 'sha256', ukm, isByIssuer = false } = recipient;
  const { kdfOid = oids.hkdf[hash], wrapOid = oids.aes256Wrap } = recipient;
  const { enc, sharedSecret } = kemEncapsulateTo(kem, publicKey);
  const wrap = der(0x30, oid(wrapOid));
  const length = der(0x02, Uint8Array.of(32));
  const material = ukm === undefined ? [] : [der(0xa0, der(0x04, ukm))];
  const info = der(0x30, wrap, length, ...material);
  using ikm = sharedSecret;
  using kek = hkdfs[hash]({ ikm, salt: new Uint8Array(0), info, length: 32 });
  const wrapped = wrapKey({ algorithm: 'AES-256-KW', kek, key: dataKey });
  const id = isByIssuer ? der(0x30, der(0x30), der(0x02, Uint8Array.of(7))) : der(0x80, new Uint8Array(20));
  const kdf = der(0x30, oid(kdfOid));
  const info2 = [der(0x02, Uint8Array.of(0)), id, der(0x30, oid(kemOid)), der(0x04, recipient.enc ?? enc), kdf, length];
  return der(0xa4, oid(oids.kemRecipient), der(0x30, ...info2, ...material, wrap, der(0x04, wrapped)));
}

function pieces(bytes: Uint8Array): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += 1000) parts.push(der(0x04, bytes.subarray(at, at + 1000)));
  return parts;
}

export function writeMessage(options: MessageOptions): Uint8Array {
  const { recipients, content, contentType = oids.data, attributes, isBer = false, tagLength = 16 } = options;
  using dataKey = SecretBytes.random(32);
  const set = attributes === undefined ? undefined : der(0x31, ...attributes);
  const { nonce, sealed } = gcmSeal({ key: dataKey, aad: set ?? new Uint8Array(0), plaintext: content });
  const ciphertext = sealed.subarray(0, content.length);
  const tag = sealed.subarray(content.length);
  const constructed = isBer ? indefinite : der;
  const infos = recipients.map((one) => (one instanceof Uint8Array ? one : writeRecipient(dataKey, one)));
  const gcm = der(0x30, der(0x04, nonce), der(0x02, Uint8Array.of(tagLength)));
  const encrypted = constructed(
    0x30,
    oid(contentType),
    der(0x30, oid(oids.aes256Gcm), gcm),
    isBer ? indefinite(0xa0, ...pieces(ciphertext)) : der(0x80, ciphertext),
  );
  const data = constructed(
    0x30,
    der(0x02, Uint8Array.of(0)),
    ...(options.originator === undefined ? [] : [der(0xa0, options.originator)]),
    constructed(0x31, ...infos),
    encrypted,
    ...(set === undefined ? [] : [set.map((byte, at) => (at === 0 ? 0xa1 : byte))]),
    der(0x04, tag),
    ...(options.unauthenticated === undefined ? [] : [der(0xa2, options.unauthenticated)]),
  );
  return constructed(0x30, oid(oids.authEnvelopedData), constructed(0xa0, data));
}

/** PKCS#8 around what a private key is written as. */
export function pkcs8(kemOid: string, privateKey: Uint8Array): Uint8Array {
  return der(0x30, der(0x02, Uint8Array.of(0)), der(0x30, oid(kemOid)), der(0x04, privateKey));
}

export const bytesOf = (secret: SecretBytes): Uint8Array => secret.open(secretAccess, (bytes) => bytes.slice());
