/** Writes extensions (RFC 5280 section 4.2), each as a whole `Extension` with the criticality the document asks for. */
import { boolean, explicit, implicit, namedBits, octetString, oid, sequence, unsignedInteger } from '../der/writer.ts';
import { PkiError } from '../errors.ts';
import { type ConstrainedName, writeConstrainedName } from '../names/constraint-names.ts';
import { type SubjectName, writeSubjectName } from '../names/general-names.ts';
import { extendedKeyUsageOid, extensionOid, type KeyUsage, keyUsageNames } from '../x509/extension-names.ts';

function extension(id: string, isCritical: boolean, value: Uint8Array): Uint8Array {
  // DER leaves out what is the default, and FALSE is.
  return sequence(oid(id), ...(isCritical ? [boolean(true)] : []), octetString(value));
}

export function basicConstraints({
  isAuthority,
  pathLengthMax,
}: {
  readonly isAuthority: boolean;
  readonly pathLengthMax: number | undefined;
}): Uint8Array {
  const length = pathLengthMax === undefined ? [] : [unsignedInteger(pathLengthMax)];
  const value = isAuthority ? sequence(boolean(true), ...length) : sequence();
  return extension(extensionOid.basicConstraints, true, value);
}

export function keyUsage(usages: readonly KeyUsage[]): Uint8Array {
  return extension(extensionOid.keyUsage, true, namedBits(usages.map((usage) => keyUsageNames.indexOf(usage))));
}

/** Names (`serverAuth`) or dotted OIDs. */
export function extendedKeyUsage(purposes: readonly string[]): Uint8Array {
  return extension(
    extensionOid.extendedKeyUsage,
    false,
    sequence(...purposes.map((purpose) => oid(extendedKeyUsageOid(purpose)))),
  );
}

/** Critical where it alone says who the subject is (section 4.2.1.6). */
export function subjectAltName(names: readonly SubjectName[], isAlone: boolean): Uint8Array {
  return extension(extensionOid.subjectAltName, isAlone, sequence(...names.map(writeSubjectName)));
}

export const subjectKeyId = (id: Uint8Array): Uint8Array =>
  extension(extensionOid.subjectKeyId, false, octetString(id));

export const authorityKeyId = (id: Uint8Array): Uint8Array =>
  extension(extensionOid.authorityKeyId, false, sequence(implicit(0, id)));

export interface ConstrainedNames {
  readonly permitted?: readonly ConstrainedName[];
  readonly excluded?: readonly ConstrainedName[];
}

export function nameConstraints({ permitted = [], excluded = [] }: ConstrainedNames): Uint8Array {
  // An empty extension is forbidden, and would promise a limit that is none.
  if (permitted.length + excluded.length === 0) {
    throw new PkiError('PKI_INPUT_INVALID', 'Name constraints name at least one subtree.');
  }
  const subtrees = (number: number, names: readonly ConstrainedName[]): Uint8Array[] =>
    names.length === 0 ? [] : [explicit(number, ...names.map((name) => sequence(writeConstrainedName(name))))];
  return extension(extensionOid.nameConstraints, true, sequence(...subtrees(0, permitted), ...subtrees(1, excluded)));
}

/** One distribution point for each URI. */
export function revocationLists(uris: readonly string[]): Uint8Array {
  const points = uris.map((value) => sequence(explicit(0, explicit(0, writeSubjectName({ kind: 'uri', value })))));
  return extension(extensionOid.distributionPoints, false, sequence(...points));
}

export function authorityAccess({
  ocsp,
  issuers,
}: {
  readonly ocsp: readonly string[];
  readonly issuers: readonly string[];
}): Uint8Array {
  const describe = (method: string) => (value: string) =>
    sequence(oid(method), writeSubjectName({ kind: 'uri', value }));
  const descriptions = [...ocsp.map(describe('1.3.6.1.5.5.7.48.1')), ...issuers.map(describe('1.3.6.1.5.5.7.48.2'))];
  return extension(extensionOid.authorityAccess, false, sequence(...descriptions));
}
