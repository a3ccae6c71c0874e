import { ByteReader } from '../tls/bytes.ts';
import { inExtension, readExtensions } from '../tls/client-hello.ts';
import { extensionType } from '../tls/code-points.ts';
import { hexCodePoint } from '../tls/named-groups.ts';
import { versionOf } from '../tls/versions.ts';

/** What a passive reader needs of a ServerHello beyond the answer to a probe. */
export interface ServerHelloFacts {
  /** As results spell it: `TLSv1.2`, `DTLSv1.3`, `TLSv1.3-draft19`; an unregistered one is `0xabcd`. */
  readonly version: string;
  readonly suite: number;
  readonly group: number | undefined;
  readonly sessionId: Uint8Array;
  readonly alpn: string | undefined;
  /** TLS 1.3: the server continues from a shared secret that the client named. */
  readonly usesPresharedKey: boolean;
}

const presharedKeyExtension = 41;
const dtlsVersions: ReadonlyMap<number, string> = new Map([
  [0x0100, 'DTLSv0.9'],
  [0xfeff, 'DTLSv1.0'],
  [0xfefd, 'DTLSv1.2'],
  [0xfefc, 'DTLSv1.3'],
]);

/** Reads the body of a ServerHello, also of the drafts of TLS 1.3 that browsers shipped. Throws `INVENTORY_TLS_MALFORMED`. */
export function readServerHelloFacts(body: Uint8Array): ServerHelloFacts {
  const reader = new ByteReader(body);
  const legacyVersion = reader.u16();
  reader.bytes(32); // random
  // Drafts up to 21 had neither session id nor compression here.
  const isDraft = legacyVersion >> 8 === 0x7f;
  const sessionId = isDraft ? new Uint8Array(0) : reader.vector(1, 0, 32);
  const suite = reader.u16();
  if (!isDraft) reader.u8(); // compression
  const extensions = reader.remaining === 0 ? new Map<number, Uint8Array>() : readExtensions(reader);
  const chosen = inExtension(extensions, extensionType.supportedVersions, (list) => list.u16());
  const alpn = inExtension(extensions, extensionType.alpn, (outer) => {
    const list = new ByteReader(outer.vector(2, 2));
    return new TextDecoder().decode(list.vector(1, 1));
  });
  // In a ServerHello the group comes first; what follows it differs between share and retry and is not needed.
  const share = extensions.get(extensionType.keyShare);
  return {
    version: protocolName(chosen ?? legacyVersion),
    suite,
    group: share === undefined ? undefined : new ByteReader(share).u16(),
    sessionId,
    alpn,
    usesPresharedKey: extensions.has(presharedKeyExtension),
  };
}

/** The name of a TLS or DTLS version number, drafts of TLS 1.3 included. */
export function protocolName(codePoint: number): string {
  if (codePoint >> 8 === 0x7f) return `TLSv1.3-draft${codePoint & 0xff}`;
  return versionOf(codePoint) ?? dtlsVersions.get(codePoint) ?? hexCodePoint(codePoint);
}
