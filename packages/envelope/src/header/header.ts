/*
 * The frame around core and recipients (QV1-1 to QV1-5): magic and version, two lengths, and the recipients' tag. The
 * version is read first and lengths are held against their limits before anything is collected.
 */
import { sha384Concat } from '@quantumvault/crypto';
import { EnvelopeError, need } from '../errors.ts';
import { coreLimits, decodeCore, type EnvelopeCore } from './core.ts';
import { decodeRecipients, type RecipientInfo, recipientLimits } from './recipients.ts';

/** `QV1` and a zero byte. */
export const magic = Uint8Array.of(0x51, 0x56, 0x31, 0x00);
export const tagBytes = 48;
const coreHashLabel = new TextEncoder().encode('QV1 core');

/** Everything before the body, as it was read: nothing of it is authentic yet. */
export interface EnvelopeHeader {
  readonly core: EnvelopeCore;
  /** SHA-384 that names the core; every wrap, tag and segment is bound to it. */
  readonly coreHash: Uint8Array;
  readonly recipients: readonly RecipientInfo[];
  /** The very bytes that the tag is computed over. */
  readonly recipientsBytes: Uint8Array;
  readonly coreBytes: Uint8Array;
  readonly recipientsTag: Uint8Array;
  /** Bytes before the body. */
  readonly headerBytes: number;
}

export function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

const readU32 = (bytes: Uint8Array): number => new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);

export function hashCore(coreBytes: Uint8Array): Uint8Array {
  return sha384Concat([coreHashLabel, u32(coreBytes.length), coreBytes]);
}

/** The bytes before the body, in pieces. */
export function frameHeader(coreBytes: Uint8Array, recipientsBytes: Uint8Array, tag: Uint8Array): Uint8Array[] {
  return [magic, u32(coreBytes.length), coreBytes, u32(recipientsBytes.length), recipientsBytes, tag];
}

/** QV1-1. The family comes first: a file of two or three bytes that is no envelope is not one that was cut. */
async function needMagic(take: (count: number) => Promise<Uint8Array>): Promise<void> {
  const family = await take(2);
  need(family[0] === magic[0] && family[1] === magic[1], 'ENVELOPE_MALFORMED', 'not a QV envelope');
  const version = await take(2);
  need(
    version[0] === magic[2] && version[1] === magic[3],
    'ENVELOPE_UNSUPPORTED',
    'the envelope has a version that is not known',
  );
}

/** Reads a header through `take`, which gives exactly that many of the next bytes or throws TRUNCATED. */
export async function readHeader(take: (count: number) => Promise<Uint8Array>): Promise<EnvelopeHeader> {
  await needMagic(take);
  const part = async (most: number, what: string): Promise<Uint8Array> => {
    const length = readU32(await take(4));
    if (length > most) throw new EnvelopeError('ENVELOPE_LIMIT', `the ${what} has at most ${most} bytes`);
    return take(length);
  };
  const coreBytes = await part(coreLimits.coreBytes, 'core');
  const core = decodeCore(coreBytes);
  const recipientsBytes = await part(recipientLimits.recipientsBytes, 'list of recipients');
  const recipients = decodeRecipients(recipientsBytes);
  const recipientsTag = await take(tagBytes);
  const headerBytes = magic.length + 4 + coreBytes.length + 4 + recipientsBytes.length + tagBytes;
  const coreHash = hashCore(coreBytes);
  return { core, coreHash, recipients, recipientsBytes, coreBytes, recipientsTag, headerBytes };
}
