/*
 * What every type of recipient does with the file key. All bodies have 32 bytes, and that is checked before one is opened:
 * ChaCha20-Poly1305 does not commit to its key, and a body of many blocks could be made to open under many keys.
 */
import { aeadOpen, aeadSealWithNonce, SecretBytes, secretAccess } from '@quantumvault/crypto';
import { AgeError, isAuthenticationFailure, need } from '../errors.ts';
import type { AgeStanza } from '../header/header.ts';
import { asciiBytes } from '../text/ascii.ts';
import { decodeBase64 } from '../text/base64.ts';

const suite = 'ChaCha20-Poly1305';
export const fileKeyBytes = 16;
const bodyBytes = fileKeyBytes + 16;
/** Each wrap key wraps one file key, so its one nonce is zero. */
const nonce = new Uint8Array(12);
const noData = new Uint8Array(0);

/** Opens what is wrapped for one recipient: undefined when it is for somebody else. */
export interface AgeIdentity extends Disposable {
  /** Of the stanzas that this identity looks at; it ignores all others. */
  readonly type: string;
  /** Throws AGE_HEADER_MALFORMED for a stanza of its type that breaks the rules of the type. */
  unwrap(stanza: AgeStanza): SecretBytes | undefined | Promise<SecretBytes | undefined>;
}

/** Wraps the file key of one file. */
export interface AgeRecipient {
  /** Files for post-quantum recipients have no others, which would take away what those promise. */
  readonly isPostQuantum: boolean;
  wrap(fileKey: SecretBytes): AgeStanza;
}

export function wrapBody(key: SecretBytes, fileKey: SecretBytes): Uint8Array {
  return fileKey.open(secretAccess, (plaintext) => aeadSealWithNonce({ suite, key, nonce, aad: noData, plaintext }));
}

export function unwrapBody(key: SecretBytes, { body }: AgeStanza): SecretBytes | undefined {
  return unlessForged(() => aeadOpen({ suite, key, nonce, aad: noData, sealed: body }));
}

/** A file key, or undefined when the body is for another key. */
export function unlessForged(open: () => Uint8Array): SecretBytes | undefined {
  try {
    return SecretBytes.take(open());
  } catch (error) {
    if (isAuthenticationFailure(error)) return undefined;
    throw error;
  }
}

/** The argument of a stanza as bytes of a known length, once the form of the whole stanza is right. */
export function needShare(
  { args, body }: AgeStanza,
  { argumentCount, shareBytes }: { readonly argumentCount: number; readonly shareBytes: number },
): Uint8Array {
  const isCounted = args.length === argumentCount && body.length === bodyBytes;
  need(isCounted, 'AGE_HEADER_MALFORMED', 'a stanza has arguments or a body that its type does not have');
  const share = decodeBase64(asciiBytes(args[0] ?? ''), { isPadded: false });
  if (share?.length !== shareBytes) {
    throw new AgeError('AGE_HEADER_MALFORMED', 'an argument of a stanza is not what its type demands');
  }
  return share;
}
