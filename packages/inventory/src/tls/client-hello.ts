import { InventoryError } from '../errors.ts';
import { ByteReader, ByteWriter, malformed } from './bytes.ts';
import { contentType, extensionType, handshakeType } from './code-points.ts';
import { signatureSchemesToOffer } from './signature-schemes.ts';
import { type TlsVersion, tlsVersions, versionCodePoint, versionOf } from './versions.ts';

export interface KeyShare {
  readonly group: number;
  readonly key: Uint8Array;
}

/** What a ClientHello says. Code points are numbers as registered; lists are in the client's order of preference. */
export interface ClientHello {
  readonly versions: readonly TlsVersion[];
  readonly suites: readonly number[];
  readonly groups: readonly number[];
  /** In a TLS 1.3 hello an empty list asks the server to name its group by HelloRetryRequest (RFC 8446 section 4.1.4). */
  readonly keyShares: readonly KeyShare[];
  readonly serverName?: string;
  readonly alpn?: readonly string[];
  /**
   * Signature schemes that the server may sign the handshake with; all of the table when absent. When given, the chain
   * above the leaf stays free (`signature_algorithms_cert`), so that this chooses among a server's own keys alone.
   */
  readonly signatureSchemes?: readonly number[];
  /** Echo of a HelloRetryRequest's cookie. */
  readonly cookie?: Uint8Array;
  /** 32 bytes; the caller brings randomness, this package has none. */
  readonly random: Uint8Array;
  /** 0 to 32 bytes; TLS 1.3 clients send 32 so that middleboxes see a familiar shape (RFC 8446 appendix D.4). */
  readonly sessionId: Uint8Array;
}

// RFC 7685: some old load balancers hang on a ClientHello of 256 to 511 bytes, so such a hello is padded to 512.
const paddedLength = 512;

/**
 * Writes a ClientHello as one TLS record, ready to send.
 * Throws `INVENTORY_INPUT_INVALID` when a field has an impossible length or no version is chosen.
 */
export function encodeClientHello(hello: ClientHello): Uint8Array {
  if (hello.random.length !== 32) throw invalid('random must have 32 bytes');
  if (hello.sessionId.length > 32) throw invalid('the session id has at most 32 bytes');
  const newest = tlsVersions.findLast((version) => hello.versions.includes(version));
  if (newest === undefined) throw invalid('at least one version is needed');
  if (hello.suites.length === 0) throw invalid('at least one cipher suite is needed');

  const plain = encodeHandshake(hello, newest, 0);
  const isAwkward = plain.length >= 256 && plain.length < paddedLength;
  // A padding extension costs 4 bytes of header, so a hello just below 512 grows a little beyond it.
  const handshake = isAwkward ? encodeHandshake(hello, newest, Math.max(paddedLength - plain.length, 4)) : plain;
  return new ByteWriter()
    .u8(contentType.handshake)
    .u16(newest === 'SSLv3' ? versionCodePoint('SSLv3') : versionCodePoint('TLSv1.0'))
    .vector(2, (record) => record.bytes(handshake))
    .toBytes();
}

// Record header, handshake header, version: what stands before the random of every ClientHello.
const randomOffset = 5 + 4 + 2;
const sessionIdOffset = randomOffset + 32 + 1;

/**
 * A copy of a written ClientHello with another random and, where it has one, another session id of the same length.
 * Scans ask thousands of servers the same question; only these bytes must differ.
 */
export function refreshClientHello(record: Uint8Array, random: Uint8Array, sessionId: Uint8Array): Uint8Array {
  if (random.length !== 32) throw invalid('random must have 32 bytes');
  const length = record[sessionIdOffset - 1];
  if (length !== 0 && length !== sessionId.length) throw invalid('the session id must keep its length');
  const copy = record.slice();
  copy.set(random, randomOffset);
  if (length !== 0) copy.set(sessionId, sessionIdOffset);
  return copy;
}

function encodeHandshake(hello: ClientHello, newest: TlsVersion, padding: number): Uint8Array {
  const legacyVersion = newest === 'TLSv1.3' ? 'TLSv1.2' : newest;
  return new ByteWriter()
    .u8(handshakeType.clientHello)
    .vector(3, (body) => {
      body.u16(versionCodePoint(legacyVersion)).bytes(hello.random);
      body.vector(1, (list) => list.bytes(hello.sessionId));
      body.vector(2, (list) => {
        for (const suite of hello.suites) list.u16(suite);
      });
      body.vector(1, (list) => list.u8(0)); // no compression
      // SSL 3.0 has no extensions (RFC 6101); some of its servers refuse a hello that carries them.
      if (newest !== 'SSLv3') body.vector(2, (list) => writeExtensions(list, hello, padding));
    })
    .toBytes();
}

function writeExtensions(out: ByteWriter, hello: ClientHello, padding: number): void {
  const extension = (type: number, fill: (body: ByteWriter) => void) => out.u16(type).vector(2, fill);
  const u16List = (values: readonly number[]) => (body: ByteWriter) =>
    body.vector(2, (list) => {
      for (const value of values) list.u16(value);
    });
  const hasTls13 = hello.versions.includes('TLSv1.3');
  const hasOlder = hello.versions.some((version) => version !== 'TLSv1.3');

  const { serverName, alpn } = hello;
  if (serverName !== undefined) {
    extension(extensionType.serverName, (body) =>
      body.vector(2, (list) => list.u8(0).vector(2, (name) => name.bytes(asciiBytes(serverName)))),
    );
  }
  if (hello.groups.length > 0) extension(extensionType.supportedGroups, u16List(hello.groups));
  if (hasOlder) {
    extension(extensionType.ecPointFormats, (body) => body.vector(1, (list) => list.u8(0)));
    extension(extensionType.extendedMainSecret, () => {});
    extension(extensionType.renegotiationInfo, (body) => body.u8(0));
  }
  if (hasTls13 || hello.versions.includes('TLSv1.2')) {
    extension(extensionType.signatureAlgorithms, u16List(hello.signatureSchemes ?? signatureSchemesToOffer));
    if (hello.signatureSchemes !== undefined) {
      extension(extensionType.signatureAlgorithmsCert, u16List(signatureSchemesToOffer));
    }
  }
  if (alpn !== undefined && alpn.length > 0) {
    extension(extensionType.alpn, (body) =>
      body.vector(2, (list) => {
        for (const protocol of alpn) list.vector(1, (name) => name.bytes(asciiBytes(protocol)));
      }),
    );
  }
  if (hasTls13) {
    extension(extensionType.supportedVersions, (body) =>
      body.vector(1, (list) => {
        for (const version of hello.versions) list.u16(versionCodePoint(version));
      }),
    );
    const { cookie } = hello;
    if (cookie !== undefined) {
      extension(extensionType.cookie, (body) => body.vector(2, (value) => value.bytes(cookie)));
    }
    extension(extensionType.pskKeyExchangeModes, (body) => body.vector(1, (list) => list.u8(1)));
    extension(extensionType.keyShare, (body) =>
      body.vector(2, (list) => {
        for (const share of hello.keyShares) list.u16(share.group).vector(2, (key) => key.bytes(share.key));
      }),
    );
  }
  if (padding > 0) extension(extensionType.padding, (body) => body.bytes(new Uint8Array(padding - 4)));
}

/** Reads the body of a ClientHello handshake message (without its 4-byte header); the inverse of `encodeClientHello`. */
export function parseClientHello(body: Uint8Array): ClientHello {
  const reader = new ByteReader(body);
  const legacyVersion = reader.u16();
  const random = reader.bytes(32);
  const sessionId = reader.vector(1, 0, 32);
  const suites = readU16List(reader.vector(2, 2, 0xfffe));
  reader.vector(1, 1); // compression methods
  const extensions = reader.remaining === 0 ? new Map<number, Uint8Array>() : readExtensions(reader);
  reader.end();

  const groups = inExtension(extensions, extensionType.supportedGroups, (list) => readU16List(list.vector(2, 2)));
  const offered = inExtension(extensions, extensionType.supportedVersions, (list) =>
    readU16List(list.vector(1, 2, 254)),
  );
  const serverName = inExtension(extensions, extensionType.serverName, (outer) => {
    const list = new ByteReader(outer.vector(2, 1));
    const type = list.u8();
    const name = list.vector(2, 1);
    list.end();
    return type === 0 ? new TextDecoder().decode(name) : undefined;
  });
  const alpn = inExtension(extensions, extensionType.alpn, (outer) => {
    const list = new ByteReader(outer.vector(2, 2));
    const names: string[] = [];
    while (list.remaining > 0) names.push(new TextDecoder().decode(list.vector(1, 1)));
    return names;
  });
  const keyShares = inExtension(extensions, extensionType.keyShare, (outer) => {
    const list = new ByteReader(outer.vector(2));
    const shares: KeyShare[] = [];
    while (list.remaining > 0) shares.push({ group: list.u16(), key: list.vector(2, 1) });
    return shares;
  });
  return {
    versions: (offered ?? [legacyVersion]).flatMap((codePoint) => versionOf(codePoint) ?? []),
    suites,
    groups: groups ?? [],
    keyShares: keyShares ?? [],
    random,
    sessionId,
    ...(serverName === undefined ? {} : { serverName }),
    ...(alpn === undefined ? {} : { alpn }),
  };
}

/** Reads an extension block; a repeated type is an error (RFC 8446 section 4.2). */
export function readExtensions(reader: ByteReader): Map<number, Uint8Array> {
  const list = new ByteReader(reader.vector(2));
  const extensions = new Map<number, Uint8Array>();
  while (list.remaining > 0) {
    const type = list.u16();
    if (extensions.has(type)) throw malformed(`extension ${type} appears twice`);
    extensions.set(type, list.vector(2));
  }
  return extensions;
}

/** Reads the whole of one extension's body with `read`, or returns undefined when the extension is absent. */
export function inExtension<T>(
  extensions: ReadonlyMap<number, Uint8Array>,
  type: number,
  read: (body: ByteReader) => T,
): T | undefined {
  const body = extensions.get(type);
  if (body === undefined) return undefined;
  const reader = new ByteReader(body);
  const value = read(reader);
  reader.end();
  return value;
}

function readU16List(bytes: Uint8Array): number[] {
  const reader = new ByteReader(bytes);
  const values: number[] = [];
  while (reader.remaining > 0) values.push(reader.u16());
  return values;
}

function asciiBytes(text: string): Uint8Array {
  if (!/^[\x21-\x7e]{1,255}$/.test(text)) throw invalid('names in a ClientHello are 1 to 255 visible ASCII characters');
  return new TextEncoder().encode(text);
}

function invalid(message: string): InventoryError {
  return new InventoryError('INVENTORY_INPUT_INVALID', `The ClientHello cannot be written: ${message}.`);
}
