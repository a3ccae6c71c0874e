import type { MlDsaType } from '#native/signature-keys';
import { concat, derHeader, derOid, derTag } from '../der.ts';
import { SecretBytes, secretAccess } from '../secret-bytes.ts';

const oids: Readonly<Record<MlDsaType, string>> = {
  'ml-dsa-44': '2.16.840.1.101.3.4.3.17',
  'ml-dsa-65': '2.16.840.1.101.3.4.3.18',
  'ml-dsa-87': '2.16.840.1.101.3.4.3.19',
};

/**
 * PKCS#8 around a private key: version 0, the algorithm identifier, and an OCTET STRING whose content is `inner` headers
 * and the secret. One buffer is made, so that one copy of the secret has to be erased.
 */
export function wrapPkcs8(algorithmIdentifier: Uint8Array, secret: SecretBytes, inner?: number): SecretBytes {
  const version = Uint8Array.of(derTag.integer, 1, 0);
  const innerHeader = inner === undefined ? new Uint8Array(0) : derHeader(inner, secret.length);
  const octets = derHeader(derTag.octetString, innerHeader.length + secret.length);
  const length = version.length + algorithmIdentifier.length + octets.length + innerHeader.length + secret.length;
  const head = [derHeader(derTag.sequence, length), version, algorithmIdentifier, octets, innerHeader];
  return secret.open(secretAccess, (bytes) => SecretBytes.take(concat([...head, bytes])));
}

/** RFC 9881, form `expandedKey`: the only door through which OpenSSL takes an ML-DSA key without its seed. */
export function expandedPkcs8(type: MlDsaType, expanded: SecretBytes): SecretBytes {
  const oid = derOid(oids[type]);
  return wrapPkcs8(concat([derHeader(derTag.sequence, oid.length), oid]), expanded, derTag.octetString);
}
