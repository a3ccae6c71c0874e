/*
 * The recipients part: who can open an envelope, each with the wrapped data key (QV1-30 to QV1-34). A pure reader and
 * writer. Recipients of unknown types are kept as bytes and passed over, because a later version may add one beside
 * those that this reader can use; the tag over all of them comes from whoever held the data key.
 */
import { type CborValue, encodeCbor } from '@quantumvault/cbor';
import { EnvelopeError, need } from '../errors.ts';
import { HeaderCursor } from './cursor.ts';

/** To the holder of a private key, by HPKE in base mode. */
export interface HpkeRecipientInfo {
  readonly type: 'hpke';
  /** Registry id; a reader that has the key but not the suite says so. */
  readonly suite: string;
  readonly keyId: string;
  readonly keyVersion: number;
  readonly enc: Uint8Array;
  /** The wrapped data key and its tag, 48 bytes. */
  readonly wrapped: Uint8Array;
}

/** To whoever may use a key of a key backend, which unwraps without giving the key out. */
export interface KekRecipientInfo {
  readonly type: 'kek';
  readonly keyId: string;
  readonly keyVersion: number;
  /** In the backend's own form. */
  readonly wrapped: Uint8Array;
}

/** To whoever knows a passphrase; never beside other recipients. */
export interface PassphraseRecipientInfo {
  readonly type: 'passphrase';
  readonly kdf: string;
  readonly aead: string;
  readonly salt: Uint8Array;
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
  readonly nonce: Uint8Array;
  readonly wrapped: Uint8Array;
}

export interface UnknownRecipientInfo {
  readonly type: 'unknown';
  readonly name: string;
  readonly body: Uint8Array;
}

export type RecipientInfo = HpkeRecipientInfo | KekRecipientInfo | PassphraseRecipientInfo | UnknownRecipientInfo;

export const recipientLimits = {
  recipientsBytes: 131_072,
  recipientsMax: 64,
  keyIdBytes: 128,
  encBytes: 8192,
  wrappedBytes: 48,
  kekWrappedBytes: 4096,
} as const;

const typePattern = /^[a-z][a-z0-9-]{0,31}$/;
const namePattern = /^[\x21-\x7e]{1,64}$/;
const keyIdPattern = /^[\x21-\x7e]{1,128}$/;
const sizes = { salt: 32, nonce: 12 } as const;

/** The one encoding of the list. Throws MALFORMED and LIMIT. */
export function encodeRecipients(recipients: readonly RecipientInfo[]): Uint8Array {
  needList(recipients);
  const bytes = encodeCbor(recipients.map((recipient) => [nameOf(recipient), bodyOf(recipient)]));
  const { recipientsBytes } = recipientLimits;
  need(bytes.length <= recipientsBytes, 'ENVELOPE_LIMIT', `recipients have at most ${recipientsBytes} bytes`);
  return bytes;
}

/** Reads the list. Throws MALFORMED, LIMIT and UNSUPPORTED. */
export function decodeRecipients(bytes: Uint8Array): readonly RecipientInfo[] {
  const cursor = new HeaderCursor(bytes, 0);
  const recipients: RecipientInfo[] = [];
  cursor.items(recipientLimits.recipientsMax, () => {
    cursor.array(2);
    const name = cursor.text();
    recipients.push(readBody(name, cursor.byteString()));
  });
  cursor.end();
  needList(recipients);
  return recipients;
}

function nameOf(recipient: RecipientInfo): string {
  return recipient.type === 'unknown' ? recipient.name : recipient.type;
}

function needList(recipients: readonly RecipientInfo[]): void {
  need(recipients.length >= 1, 'ENVELOPE_MALFORMED', 'an envelope has at least one recipient');
  need(recipients.length <= recipientLimits.recipientsMax, 'ENVELOPE_LIMIT', 'an envelope has at most 64 recipients');
  const isAlone = recipients.length === 1 || recipients.every(({ type }) => type !== 'passphrase');
  // ENV-4: a passphrase is weaker than a key, so nobody may believe that a file for keys opens with keys alone.
  need(isAlone, 'ENVELOPE_MALFORMED', 'a passphrase is the only recipient');
  const names = recipients.flatMap((recipient) =>
    'keyId' in recipient ? [`${recipient.type} ${recipient.keyId} ${recipient.keyVersion}`] : [],
  );
  need(new Set(names).size === names.length, 'ENVELOPE_MALFORMED', 'a key is a recipient twice');
}

function bodyOf(recipient: RecipientInfo): Uint8Array {
  if (recipient.type === 'unknown') {
    need(typePattern.test(recipient.name), 'ENVELOPE_MALFORMED', 'a recipient type is a short lower-case word');
    return recipient.body;
  }
  const fields = fieldsOf(recipient);
  const body = encodeCbor(new Map(fields));
  readBody(recipient.type, body); // What this writer makes, every reader takes.
  return body;
}

function fieldsOf(recipient: Exclude<RecipientInfo, UnknownRecipientInfo>): [string, CborValue][] {
  switch (recipient.type) {
    case 'hpke':
      return [
        ['suite', recipient.suite],
        ['key', recipient.keyId],
        ['version', recipient.keyVersion],
        ['enc', recipient.enc],
        ['wrapped', recipient.wrapped],
      ];
    case 'kek':
      return [
        ['key', recipient.keyId],
        ['version', recipient.keyVersion],
        ['wrapped', recipient.wrapped],
      ];
    case 'passphrase':
      return [
        ['kdf', recipient.kdf],
        ['aead', recipient.aead],
        ['salt', recipient.salt],
        ['memory', recipient.memoryKib],
        ['passes', recipient.passes],
        ['lanes', recipient.lanes],
        ['nonce', recipient.nonce],
        ['wrapped', recipient.wrapped],
      ];
  }
}

function readBody(name: string, body: Uint8Array): RecipientInfo {
  need(typePattern.test(name), 'ENVELOPE_MALFORMED', 'a recipient type is a short lower-case word');
  if (name === 'hpke') return readHpke(new Fields(body, ['suite', 'key', 'version', 'enc', 'wrapped']));
  if (name === 'kek') return readKek(new Fields(body, ['key', 'version', 'wrapped']));
  if (name !== 'passphrase') return { type: 'unknown', name, body };
  return readPassphrase(new Fields(body, ['kdf', 'aead', 'salt', 'memory', 'passes', 'lanes', 'nonce', 'wrapped']));
}

function readHpke(fields: Fields): HpkeRecipientInfo {
  return {
    type: 'hpke',
    suite: fields.text('suite', namePattern),
    keyId: fields.text('key', keyIdPattern),
    keyVersion: fields.number('version'),
    enc: fields.bytes('enc', 1, recipientLimits.encBytes),
    wrapped: fields.bytes('wrapped', recipientLimits.wrappedBytes),
  };
}

function readKek(fields: Fields): KekRecipientInfo {
  return {
    type: 'kek',
    keyId: fields.text('key', keyIdPattern),
    keyVersion: fields.number('version'),
    wrapped: fields.bytes('wrapped', 1, recipientLimits.kekWrappedBytes),
  };
}

function readPassphrase(fields: Fields): PassphraseRecipientInfo {
  return {
    type: 'passphrase',
    kdf: fields.text('kdf', namePattern),
    aead: fields.text('aead', namePattern),
    salt: fields.bytes('salt', sizes.salt),
    memoryKib: fields.number('memory'),
    passes: fields.number('passes'),
    lanes: fields.number('lanes'),
    nonce: fields.bytes('nonce', sizes.nonce),
    wrapped: fields.bytes('wrapped', recipientLimits.wrappedBytes),
  };
}

/** The fields of one recipient: all that are named, and no others. */
class Fields {
  readonly #values = new Map<string, unknown>();

  constructor(body: Uint8Array, names: readonly string[]) {
    const cursor = new HeaderCursor(body, 0);
    cursor.map(names.length + 8, (name) => {
      need(names.includes(name), 'ENVELOPE_UNSUPPORTED', 'a recipient has a field that is not known');
      this.#values.set(name, cursor.scalar());
    });
    cursor.end();
    for (const name of names) need(this.#values.has(name), 'ENVELOPE_MALFORMED', `a recipient has no ${name}`);
  }

  text(name: string, pattern: RegExp): string {
    const value = this.#values.get(name);
    if (typeof value === 'string' && pattern.test(value)) return value;
    throw new EnvelopeError('ENVELOPE_MALFORMED', `a recipient's ${name} is not the text it must be`);
  }

  number(name: string): number {
    const value = this.#values.get(name);
    if (typeof value === 'number' && value >= 0 && value < 2 ** 32) return value;
    throw new EnvelopeError('ENVELOPE_MALFORMED', `a recipient's ${name} is no number below 2^32`);
  }

  bytes(name: string, min: number, max = min): Uint8Array {
    const value = this.#values.get(name);
    if (value instanceof Uint8Array && value.length >= min && value.length <= max) return value;
    throw new EnvelopeError('ENVELOPE_MALFORMED', `a recipient's ${name} has another length than it must have`);
  }
}
