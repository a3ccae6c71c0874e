import { bitLength } from '@quantumvault/pki';
import { ByteReader, malformed } from './bytes.ts';
import { findSuiteByCodePoint } from './cipher-suites.ts';
import { inExtension, readExtensions } from './client-hello.ts';
import { alertName, extensionType, handshakeType } from './code-points.ts';
import { type TlsVersion, versionOf } from './versions.ts';

/** What a server said in clear, one variant per message. Code points stay numbers: naming them is the reader's work. */
export type ServerMessage =
  | {
      readonly kind: 'server-hello';
      /** Undefined when the server chose a version that is not in the registry (a draft, or garbage). */
      readonly version: TlsVersion | undefined;
      readonly suite: number;
      /** The group of the server's key share, TLS 1.3 only. */
      readonly group?: number;
      /** The protocol that the server chose; in TLS 1.3 it comes with the encrypted extensions. */
      readonly alpn?: string;
      /** TLS 1.0 to 1.2 only: TLS 1.3 has these protections built in, SSL 3.0 none of them. */
      readonly protections?: HelloProtections;
    }
  | {
      readonly kind: 'hello-retry-request';
      readonly version: TlsVersion | undefined;
      readonly suite: number;
      readonly group?: number;
    }
  | { readonly kind: 'certificate'; readonly certificates: readonly Uint8Array[] }
  | { readonly kind: 'server-key-exchange'; readonly exchange: ServerKeyExchange }
  | { readonly kind: 'certificate-request' }
  | { readonly kind: 'server-hello-done' }
  | { readonly kind: 'alert'; readonly level: 'warning' | 'fatal'; readonly description: number; readonly name: string }
  /** The four below are read out of the encrypted flight of TLS 1.3. */
  | { readonly kind: 'encrypted-extensions'; readonly alpn?: string }
  | { readonly kind: 'certificate-verify'; readonly scheme: number }
  /** The server's Finished, checked: both sides have the same secret and saw the same messages. */
  | { readonly kind: 'finished' }
  /** The server switched to encryption; nothing after it can be read here. */
  | { readonly kind: 'encrypted' }
  | { readonly kind: 'other'; readonly handshakeType: number };

/** What a ServerHello says of protections that the client offered. */
export interface HelloProtections {
  /** RFC 5746. */
  readonly secureRenegotiation: boolean;
  /** RFC 7627. */
  readonly extendedMainSecret: boolean;
  /** The mark with which a server that could do better reveals a forced downgrade (RFC 8446 section 4.1.3). */
  readonly downgradeMark: boolean;
}

export type ServerKeyExchange =
  | { readonly kind: 'ecdhe'; readonly group: number }
  | { readonly kind: 'dhe'; readonly primeBits: number }
  | { readonly kind: 'unparsed' };

// RFC 8446 section 4.1.3: a ServerHello with this random is a HelloRetryRequest.
const helloRetryRandom = new Uint8Array([
  0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11,
  0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
]);

/** Limits on a certificate list: real chains have 2 to 4 certificates of 1 to 20 kB. */
export const certificateLimits = { countMax: 32, bytesMax: 131_072 } as const;

/** Parses an alert record's payload (RFC 8446 section 6). Throws `INVENTORY_TLS_MALFORMED`. */
export function parseAlert(payload: Uint8Array): ServerMessage {
  const reader = new ByteReader(payload);
  const level = reader.u8();
  const description = reader.u8();
  reader.end();
  if (level !== 1 && level !== 2) throw malformed(`alert level ${level} does not exist`);
  return { kind: 'alert', level: level === 1 ? 'warning' : 'fatal', description, name: alertName(description) };
}

/**
 * Parses the body of one handshake message of a server.
 * `negotiatedSuite` is the suite of the ServerHello before it: a ServerKeyExchange has no meaning without it.
 * Throws `INVENTORY_TLS_MALFORMED`.
 */
export function parseServerHandshake(type: number, body: Uint8Array, negotiatedSuite?: number): ServerMessage {
  switch (type) {
    case handshakeType.serverHello:
      return parseServerHello(body);
    case handshakeType.certificate:
      return { kind: 'certificate', certificates: parseCertificateList(body) };
    case handshakeType.serverKeyExchange:
      return { kind: 'server-key-exchange', exchange: parseServerKeyExchange(body, negotiatedSuite) };
    case handshakeType.certificateRequest:
      return { kind: 'certificate-request' };
    case handshakeType.serverHelloDone:
      new ByteReader(body).end();
      return { kind: 'server-hello-done' };
    default:
      return { kind: 'other', handshakeType: type };
  }
}

function parseServerHello(body: Uint8Array): ServerMessage {
  const { isRetry, version, suite, group, alpn, protections } = readServerHello(body);
  return {
    kind: isRetry ? 'hello-retry-request' : 'server-hello',
    version,
    suite,
    ...(group === undefined ? {} : { group }),
    ...(alpn === undefined || isRetry ? {} : { alpn }),
    ...(protections === undefined || isRetry ? {} : { protections }),
  };
}

/** All of a ServerHello or HelloRetryRequest that a handshake goes on with. */
export interface ServerHelloFields {
  readonly isRetry: boolean;
  readonly version: TlsVersion | undefined;
  readonly suite: number;
  readonly group: number | undefined;
  /** The server's half of the key agreement, TLS 1.3 only. */
  readonly keyExchange: Uint8Array | undefined;
  readonly cookie: Uint8Array | undefined;
  readonly alpn: string | undefined;
  readonly protections: HelloProtections | undefined;
}

/** Throws `INVENTORY_TLS_MALFORMED`. */
export function readServerHello(body: Uint8Array): ServerHelloFields {
  const reader = new ByteReader(body);
  const legacyVersion = reader.u16();
  const random = reader.bytes(32);
  reader.vector(1, 0, 32); // session id
  const suite = reader.u16();
  const compression = reader.u8();
  if (compression !== 0) throw malformed('the server chose a compression that was not offered');
  const extensions = reader.remaining === 0 ? new Map<number, Uint8Array>() : readExtensions(reader);
  reader.end();

  const isRetry = random.every((byte, index) => byte === helloRetryRandom[index]);
  const chosen = inExtension(extensions, extensionType.supportedVersions, (list) => list.u16());
  const share = inExtension(extensions, extensionType.keyShare, (value) => ({
    group: value.u16(),
    keyExchange: isRetry ? undefined : value.vector(2, 1),
  }));
  const version = versionOf(chosen ?? legacyVersion);
  return {
    isRetry,
    version,
    suite,
    group: share?.group,
    keyExchange: share?.keyExchange,
    cookie: isRetry ? inExtension(extensions, extensionType.cookie, (value) => value.vector(2, 1)) : undefined,
    alpn: readAlpn(extensions),
    protections: version === 'TLSv1.3' || version === 'SSLv3' ? undefined : readProtections(random, extensions),
  };
}

// "DOWNGRD" and 1 for TLS 1.2, 0 for what is older.
const downgradeMark = [0x44, 0x4f, 0x57, 0x4e, 0x47, 0x52, 0x44];

function readProtections(random: Uint8Array, extensions: ReadonlyMap<number, Uint8Array>): HelloProtections {
  const tail = random.subarray(24);
  return {
    secureRenegotiation: extensions.has(extensionType.renegotiationInfo),
    extendedMainSecret: extensions.has(extensionType.extendedMainSecret),
    downgradeMark: downgradeMark.every((byte, index) => byte === tail[index]) && (tail[7] ?? 2) <= 1,
  };
}

/** The one protocol that a server chose (RFC 7301), or undefined. */
export function readAlpn(extensions: ReadonlyMap<number, Uint8Array>): string | undefined {
  return inExtension(extensions, extensionType.alpn, (outer) => {
    const list = new ByteReader(outer.vector(2, 2));
    const name = list.vector(1, 1);
    list.end();
    // Protocol ids are bytes; all registered ones that people use are ASCII, and a server's own must not garble a terminal.
    return String.fromCharCode(...name).replace(/[^\x21-\x7e]/g, '?');
  });
}

/**
 * The certificates of a Certificate message up to TLS 1.2, as sent. Who reads recorded traffic may allow more bytes than
 * a probe, which can refuse what is not honest. Throws `INVENTORY_TLS_MALFORMED`.
 */
export function parseCertificateList(body: Uint8Array, bytesMax: number = certificateLimits.bytesMax): Uint8Array[] {
  const reader = new ByteReader(body);
  const list = new ByteReader(reader.vector(3, 0, bytesMax));
  reader.end();
  return readCertificates(list, () => {});
}

/** The Certificate message of TLS 1.3: with a context, and with extensions behind each certificate. */
export function parseTls13Certificate(body: Uint8Array): Uint8Array[] {
  const reader = new ByteReader(body);
  reader.vector(1, 0, 0); // a server's context is empty
  const list = new ByteReader(reader.vector(3, 1, certificateLimits.bytesMax));
  reader.end();
  return readCertificates(list, () => readExtensions(list));
}

function readCertificates(list: ByteReader, skip: () => void): Uint8Array[] {
  const certificates: Uint8Array[] = [];
  while (list.remaining > 0) {
    if (certificates.length === certificateLimits.countMax) {
      throw malformed(`more than ${certificateLimits.countMax} certificates`);
    }
    certificates.push(list.vector(3, 1));
    skip();
  }
  return certificates;
}

function parseServerKeyExchange(body: Uint8Array, negotiatedSuite: number | undefined): ServerKeyExchange {
  const suite = negotiatedSuite === undefined ? undefined : findSuiteByCodePoint(negotiatedSuite);
  const reader = new ByteReader(body);
  if (suite?.keyExchange.startsWith('ECDHE_PSK') || suite?.keyExchange.startsWith('DHE_PSK'))
    return { kind: 'unparsed' };
  if (suite?.keyExchange.startsWith('ECDH')) {
    const curveType = reader.u8();
    if (curveType !== 3) throw malformed(`curve type ${curveType} is not a named curve`);
    const group = reader.u16();
    reader.vector(1, 1); // the server's point; the signature after it is not needed
    return { kind: 'ecdhe', group };
  }
  if (suite?.keyExchange.startsWith('DH')) {
    const prime = reader.vector(2, 1);
    reader.vector(2, 1); // generator
    reader.vector(2, 1); // the server's public value
    return { kind: 'dhe', primeBits: bitLength(prime) };
  }
  return { kind: 'unparsed' };
}
