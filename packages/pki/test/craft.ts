import type { Signer } from '@quantumvault/ports';
import { derTag, readDer } from '../src/der/reader.ts';
import { boolean, explicit, octetString, oid, sequence, time, unsignedInteger } from '../src/der/writer.ts';
import { signWhole } from '../src/issue/signed.ts';
import { writeName } from '../src/names/write-name.ts';
import { signatureIdentifier } from '../src/x509/signing-algorithms.ts';

export interface Crafted {
  readonly subject: string;
  /** DER, in place of the subject. */
  readonly rawSubject?: Uint8Array;
  readonly issuer: string;
  /** Of the issuer. */
  readonly signer: Signer;
  /** SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array;
  readonly extensions: readonly Uint8Array[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly version?: number;
  readonly serial?: number;
  /** The algorithm inside, when it shall differ from the one outside. */
  readonly inner?: Uint8Array;
}

/** A certificate that says what the test wants, sound or not: the issuing functions refuse most of these. */
export function craftCertificate(given: Crafted): Promise<Uint8Array> {
  const { version = 3, serial = 1 } = given;
  const part = sequence(
    ...(version === 1 ? [] : [explicit(0, unsignedInteger(version - 1))]),
    unsignedInteger(serial),
    given.inner ?? signatureIdentifier(given.signer.algorithm),
    writeName(given.issuer),
    sequence(time(given.notBefore ?? new Date('2026-01-01')), time(given.notAfter ?? new Date('2027-01-01'))),
    given.rawSubject ?? writeName(given.subject),
    sequence(readDer(given.publicKey, derTag.sequence).content),
    ...(given.extensions.length === 0 ? [] : [explicit(3, sequence(...given.extensions))]),
  );
  return signWhole(part, given.signer);
}

/** Any extension at all. */
export function craftExtension(id: string, isCritical: boolean, value: Uint8Array): Uint8Array {
  return sequence(oid(id), ...(isCritical ? [boolean(true)] : []), octetString(value));
}
