import { readFileSync, statSync } from 'node:fs';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { PkiError, parseCertificate, readPem } from '@quantumvault/pki';
import type { TlsListenerSettings } from '../../config/load-settings.ts';

/** A certificate, key or authority that the listener cannot use; the message names the file and never quotes it. */
export class TlsMaterialError extends Error {
  override readonly name = 'TlsMaterialError';
  readonly code = 'TLS_MATERIAL_INVALID';
}

/** What the listener shows and trusts. */
export interface TlsMaterial {
  readonly context: Pick<SecureContextOptions, 'cert' | 'key' | 'ca'>;
  readonly subject: string;
  /** RFC 3339. */
  readonly notAfter: string;
}

type Files = Pick<TlsListenerSettings, 'certificateFile' | 'keyFile' | 'clientCaFile'>;

const fileBytesMax = 1_048_576;
const authoritiesMax = 100;
const groupOrOthersMayWrite = 0o022;
const othersMayRead = 0o004;

function readPemFile(file: string, mayNot: number): Buffer {
  let bytes: Buffer;
  try {
    const { size, mode } = statSync(file);
    if (size > fileBytesMax) throw new TlsMaterialError(`${file} is larger than 1 MiB`);
    if (process.platform !== 'win32' && (mode & mayNot) !== 0)
      throw new TlsMaterialError(`${file} may be read or changed by others (mode ${(mode & 0o777).toString(8)})`);
    bytes = readFileSync(file);
  } catch (error) {
    if (error instanceof TlsMaterialError) throw error;
    const reason = Reflect.get(Object(error), 'code');
    throw new TlsMaterialError(`${file} cannot be read (${typeof reason === 'string' ? reason : 'unknown reason'})`);
  }
  return bytes;
}

function certificatesIn(file: string, bytes: Uint8Array): Uint8Array[] {
  try {
    return readPem(bytes).blocks.flatMap(({ label, content }) =>
      label === 'CERTIFICATE' && content instanceof Uint8Array ? [content] : [],
    );
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    throw new TlsMaterialError(`${file} is no PEM file: ${error.message}`);
  }
}

/**
 * Reads the files and sees that they fit together. Throws {@link TlsMaterialError}: for a file that is not there or that
 * others may change, for a key of another certificate, and for a certificate that is not valid now.
 */
export function loadTlsMaterial({ certificateFile, keyFile, clientCaFile }: Files, now: number): TlsMaterial {
  const cert = readPemFile(certificateFile, groupOrOthersMayWrite);
  const key = readPemFile(keyFile, groupOrOthersMayWrite | othersMayRead);
  const [leaf] = certificatesIn(certificateFile, cert);
  if (leaf === undefined) throw new TlsMaterialError(`${certificateFile} holds no certificate`);
  const facts = factsOf(certificateFile, leaf);
  if (now < Date.parse(facts.notBefore))
    throw new TlsMaterialError(`${certificateFile} is valid only from ${facts.notBefore}`);
  if (now > Date.parse(facts.notAfter))
    throw new TlsMaterialError(`${certificateFile} was valid only until ${facts.notAfter}`);
  const context = clientCaFile === null ? { cert, key } : { cert, key, ca: authorities(clientCaFile) };
  try {
    createSecureContext(context);
  } catch (error) {
    // OpenSSL's reason is a code such as ERR_OSSL_X509_KEY_VALUES_MISMATCH; its message says no more.
    const reason = Reflect.get(Object(error), 'code');
    throw new TlsMaterialError(`${certificateFile} and ${keyFile} do not fit together (${String(reason)})`);
  }
  return { context, subject: facts.subject, notAfter: facts.notAfter };
}

function factsOf(file: string, certificate: Uint8Array) {
  try {
    return parseCertificate(certificate);
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    throw new TlsMaterialError(`${file} holds a certificate that cannot be read: ${error.message}`);
  }
}

function authorities(file: string): Buffer {
  const bytes = readPemFile(file, groupOrOthersMayWrite);
  const found = certificatesIn(file, bytes);
  if (found.length === 0) throw new TlsMaterialError(`${file} holds no certificate: nobody could connect`);
  if (found.length > authoritiesMax)
    throw new TlsMaterialError(`${file} holds more than ${authoritiesMax} certificates`);
  for (const certificate of found) factsOf(file, certificate);
  return bytes;
}
