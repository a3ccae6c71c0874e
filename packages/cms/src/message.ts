/*
 * AuthEnvelopedData (RFC 5083) with its recipients as they stand, KEMRecipientInfo (RFC 9629) in full. The reader knows no keys.
 */
import { decodeOid, readPem, smallInteger } from '@quantumvault/pki';
import { type BerElement, BerReader, berTag } from './ber.ts';
import { CmsError, need } from './errors.ts';

/** A data key, wrapped for whoever holds the private key of a KEM. */
export interface KemRecipient {
  readonly type: 'kem';
  /** As X.509 has it: a key identifier, or issuer and serial number in DER. */
  readonly recipientId: { readonly keyIdentifier: Uint8Array } | { readonly issuerAndSerial: Uint8Array };
  readonly kem: string;
  readonly encapsulated: Uint8Array;
  readonly kdf: string;
  readonly kekLength: number;
  readonly ukm: Uint8Array | undefined;
  readonly wrap: string;
  /** The algorithm of the wrapping in DER, which the key is derived with. */
  readonly wrapBytes: Uint8Array;
  readonly wrappedKey: Uint8Array;
}

/** A recipient of a type that is passed over, in words, or by the identifier of its type. */
export interface OtherRecipient {
  readonly type: 'other';
  readonly name: string;
}

export type CmsRecipient = KemRecipient | OtherRecipient;

export interface CmsMessage {
  readonly recipients: readonly CmsRecipient[];
  readonly contentType: string;
  readonly encryption: string;
  readonly nonce: Uint8Array;
  readonly tagLength: number;
  readonly ciphertext: Uint8Array;
  readonly tag: Uint8Array;
  /** What is authenticated beside the content, as RFC 5083 section 2.2 has it; empty when there is nothing. */
  readonly additionalData: Uint8Array;
}

/** The content is in memory as a whole: its tag comes after it, and nothing may come out before that was checked. */
export const cmsLimits = { messageBytes: 68_157_440, recipients: 64, attributes: 64 } as const;

const oids = {
  authEnvelopedData: '1.2.840.113549.1.9.16.1.23',
  envelopedData: '1.2.840.113549.1.7.3',
  kemRecipient: '1.2.840.113549.1.9.16.13.3',
  data: '1.2.840.113549.1.7.1',
  contentTypeAttribute: '1.2.840.113549.1.9.3',
} as const;

const otherRecipients: Readonly<Record<number, string>> = {
  [berTag.sequence]: 'key transport',
  [berTag.constructed(1)]: 'key agreement',
  [berTag.constructed(2)]: 'key-encryption key',
  [berTag.constructed(3)]: 'password',
};

const malformed = (message: string): CmsError => new CmsError('CMS_MALFORMED', message);

/**
 * Reads a message in DER or BER. Nothing in it is checked but its form. Throws CMS_MALFORMED, CMS_LIMIT, and CMS_UNSUPPORTED
 * for messages of other types.
 */
export function parseCms(bytes: Uint8Array): CmsMessage {
  need(bytes.length <= cmsLimits.messageBytes, 'CMS_LIMIT', `a message has at most ${cmsLimits.messageBytes} bytes`);
  try {
    return readMessage(new BerReader(bytes));
  } catch (error) {
    // The identifiers are read by packages/pki, whose errors name the rule as well.
    if (error instanceof Error && error.name === 'PkiError') throw new CmsError('CMS_MALFORMED', error.message);
    throw error;
  }
}

function readMessage(outer: BerReader): CmsMessage {
  const info = outer.inside(outer.expect(berTag.sequence, 'the message'));
  outer.end('the message');
  const type = oidOf(info.expect(berTag.oid, 'the type of the message'));
  if (type === oids.envelopedData) {
    throw new CmsError('CMS_UNSUPPORTED', 'the message is encrypted without authentication (EnvelopedData)');
  }
  if (type !== oids.authEnvelopedData) throw new CmsError('CMS_UNSUPPORTED', 'the message is no AuthEnvelopedData');
  const wrapper = info.inside(info.expect(berTag.constructed(0), 'the content of the message'));
  info.end('the message');
  const data = wrapper.inside(wrapper.expect(berTag.sequence, 'AuthEnvelopedData'));
  wrapper.end('the content of the message');

  need(
    smallInteger(data.expect(berTag.integer, 'the version').content) === 0,
    'CMS_UNSUPPORTED',
    'the version is not 0',
  );
  data.optional(berTag.constructed(0)); // certificates and revocation lists of the originator
  const recipients = readRecipients(data.inside(data.expect(berTag.set, 'the set of recipients')));
  const encrypted = readEncrypted(data.inside(data.expect(berTag.sequence, 'the encrypted content')));
  const attributes = data.optional(berTag.constructed(1));
  const tag = data.octets('the tag');
  data.optional(berTag.constructed(2)); // attributes that nobody authenticated
  data.end('AuthEnvelopedData');
  needContentType(data, attributes, encrypted.contentType);
  return { recipients, ...encrypted, tag, additionalData: additionalDataOf(attributes) };
}

const oidOf = ({ content }: BerElement): string => decodeOid(content);

function readRecipients(set: BerReader): readonly CmsRecipient[] {
  const recipients: CmsRecipient[] = [];
  while (!set.isDone) {
    need(
      recipients.length < cmsLimits.recipients,
      'CMS_LIMIT',
      `a message has at most ${cmsLimits.recipients} recipients`,
    );
    recipients.push(readRecipient(set, set.next()));
  }
  need(recipients.length > 0, 'CMS_MALFORMED', 'the message has no recipient');
  return recipients;
}

function readRecipient(set: BerReader, element: BerElement): CmsRecipient {
  const name = otherRecipients[element.tag];
  if (name !== undefined) return { type: 'other', name };
  if (element.tag !== berTag.constructed(4)) throw malformed('a recipient is of no type of CMS');
  const other = set.inside(element);
  const type = oidOf(other.expect(berTag.oid, 'the type of a recipient'));
  if (type !== oids.kemRecipient) return { type: 'other', name: type };
  const value = other.inside(other.expect(berTag.sequence, 'KEMRecipientInfo'));
  other.end('a recipient');
  return readKemRecipient(value);
}

function readKemRecipient(info: BerReader): KemRecipient {
  const version = smallInteger(info.expect(berTag.integer, 'the version of a recipient').content);
  need(version === 0, 'CMS_UNSUPPORTED', 'the version of a recipient is not 0');
  const recipientId = info.hasOctets(0)
    ? { keyIdentifier: info.octets('the key identifier', 0) }
    : { issuerAndSerial: info.expect(berTag.sequence, 'the identifier of a recipient').whole };
  const kem = algorithmOf(info, 'the KEM');
  const encapsulated = info.octets('the encapsulated key');
  const kdf = algorithmOf(info, 'the key derivation');
  const kekLength = smallInteger(info.expect(berTag.integer, 'the length of the wrapping key').content);
  const explicitUkm = info.optional(berTag.constructed(0));
  const ukm = explicitUkm === undefined ? undefined : onlyOctets(info.inside(explicitUkm), 'the keying material');
  const wrap = algorithmOf(info, 'the key wrapping');
  const wrappedKey = info.octets('the wrapped key');
  info.end('KEMRecipientInfo');
  need(!kem.hasParameters && !kdf.hasParameters, 'CMS_UNSUPPORTED', 'an algorithm has parameters that are not known');
  return {
    type: 'kem',
    recipientId,
    kem: kem.oid,
    encapsulated,
    kdf: kdf.oid,
    kekLength,
    ukm,
    wrap: wrap.oid,
    wrapBytes: wrap.whole,
    wrappedKey,
  };
}

function onlyOctets(reader: BerReader, what: string): Uint8Array {
  const octets = reader.octets(what);
  reader.end(what);
  return octets;
}

interface Algorithm {
  readonly oid: string;
  readonly hasParameters: boolean;
  readonly whole: Uint8Array;
}

function algorithmOf(reader: BerReader, what: string): Algorithm {
  const element = reader.expect(berTag.sequence, what);
  // What is derived from must have the one encoding that the sender had.
  need(element.isDefinite, 'CMS_MALFORMED', `${what} is not in DER`);
  const inner = reader.inside(element);
  return { oid: oidOf(inner.expect(berTag.oid, what)), hasParameters: !inner.isDone, whole: element.whole };
}

type EncryptedContent = Pick<CmsMessage, 'contentType' | 'encryption' | 'nonce' | 'tagLength' | 'ciphertext'>;

function readEncrypted(info: BerReader): EncryptedContent {
  const contentType = oidOf(info.expect(berTag.oid, 'the type of the content'));
  const algorithm = info.inside(info.expect(berTag.sequence, 'the encryption'));
  const encryption = oidOf(algorithm.expect(berTag.oid, 'the encryption'));
  const parameters = algorithm.optional(berTag.sequence);
  need(
    algorithm.isDone && parameters !== undefined,
    'CMS_UNSUPPORTED',
    'the encryption has parameters of another kind',
  );
  const gcm = algorithm.inside(parameters);
  const nonce = gcm.octets('the nonce');
  const length = gcm.optional(berTag.integer);
  gcm.end('the parameters of the encryption');
  need(info.hasOctets(0), 'CMS_UNSUPPORTED', 'the content is not in the message');
  const ciphertext = info.octets('the content', 0);
  info.end('the encrypted content');
  // RFC 5084 section 3.2: a length that is not said is 12.
  return {
    contentType,
    encryption,
    nonce,
    tagLength: length === undefined ? 12 : smallInteger(length.content),
    ciphertext,
  };
}

/** RFC 5083 section 2.1: content of another type than plain data says so in an attribute that is authenticated. */
function needContentType(data: BerReader, attributes: BerElement | undefined, contentType: string): void {
  if (attributes === undefined) {
    need(contentType === oids.data, 'CMS_MALFORMED', 'the type of the content is not authenticated');
    return;
  }
  const reader = data.inside(attributes);
  let isNamed = contentType === oids.data;
  for (let count = 0; !reader.isDone; count += 1) {
    need(count < cmsLimits.attributes, 'CMS_LIMIT', `a message has at most ${cmsLimits.attributes} attributes`);
    const attribute = reader.inside(reader.expect(berTag.sequence, 'an attribute'));
    const type = oidOf(attribute.expect(berTag.oid, 'the type of an attribute'));
    const values = attribute.inside(attribute.expect(berTag.set, 'the values of an attribute'));
    attribute.end('an attribute');
    if (type !== oids.contentTypeAttribute) continue;
    isNamed = oidOf(values.expect(berTag.oid, 'the type of the content')) === contentType && values.isDone;
    need(isNamed, 'CMS_MALFORMED', 'the authenticated type of the content is another one');
  }
  need(isNamed, 'CMS_MALFORMED', 'the type of the content is not authenticated');
}

/** The attributes are authenticated as the SET that they are, whatever their tag in the message. */
function additionalDataOf(attributes: BerElement | undefined): Uint8Array {
  if (attributes === undefined) return new Uint8Array(0);
  need(attributes.isDefinite, 'CMS_MALFORMED', 'the authenticated attributes are not in DER');
  // A copy, which the slice of a Buffer would not be.
  const bytes = new Uint8Array(attributes.whole);
  bytes[0] = berTag.set;
  return bytes;
}

/** The message in a PEM file with the label `CMS` or `PKCS7`. Throws CMS_MALFORMED; PEM is read up to two megabytes. */
export function cmsFromPem(file: Uint8Array): Uint8Array {
  const block = readPem(file).blocks.find(({ label }) => label === 'CMS' || label === 'PKCS7');
  if (block === undefined) throw malformed('the file is no message of CMS');
  if (typeof block.content === 'string') throw malformed(`the message is not whole: ${block.content}`);
  return block.content;
}
