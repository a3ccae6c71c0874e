import { type DerElement, DerReader, PkiError } from '@quantumvault/pki';
import { type Conversation, type DialogueEnd, readBytes } from './turns.ts';

/** ExtendedRequest with message id 1 and the name 1.3.6.1.4.1.1466.20037 (RFC 4511 section 4.14.1). */
const startTlsOid = '1.3.6.1.4.1.1466.20037';
const extendedRequest = new Uint8Array([
  0x30,
  startTlsOid.length + 7,
  ...[0x02, 0x01, 0x01],
  0x77,
  startTlsOid.length + 2,
  0x80,
  startTlsOid.length,
  ...new TextEncoder().encode(startTlsOid),
]);

const tag = { sequence: 0x30, integer: 0x02, enumerated: 0x0a, octetString: 0x04, extendedResponse: 0x78 } as const;
const messageBytesMax = 8_192;

/** Result codes that a server answers StartTLS with (RFC 4511 appendix A); the others are shown as numbers. */
const resultNames: Readonly<Record<number, string>> = {
  1: 'operationsError',
  2: 'protocolError',
  8: 'strongerAuthRequired',
  10: 'referral',
  13: 'confidentialityRequired',
  50: 'insufficientAccessRights',
  51: 'busy',
  52: 'unavailable',
  53: 'unwillingToPerform',
};

/** LDAP: one ExtendedRequest; result code 0 is the go-ahead. */
export function* askLdap(): Conversation {
  const head = yield* readBytes(2, extendedRequest);
  const [first = 0, lengthByte = 0] = head;
  if (first !== tag.sequence) return notLdap;
  // BER allows a long form for short lengths, and Active Directory writes four bytes always.
  const lengthCount = lengthByte < 0x80 ? 0 : lengthByte & 0x7f;
  if (lengthByte >= 0x80 && (lengthCount < 1 || lengthCount > 4)) return notLdap;
  const more = lengthCount === 0 ? new Uint8Array(0) : yield* readBytes(lengthCount);
  const length = lengthCount === 0 ? lengthByte : more.reduce((value, byte) => value * 256 + byte, 0);
  if (length < 3 || length > messageBytesMax) return notLdap;
  const content = yield* readBytes(length);
  try {
    return readResponse(content);
  } catch (error) {
    if (error instanceof PkiError) return notLdap;
    throw error;
  }
}

function readResponse(content: Uint8Array): DialogueEnd {
  const message = new DerReader(content);
  const messageId = smallNumber(message.expect(tag.integer));
  const response = message.expect(tag.extendedResponse);
  const result = new DerReader(response.content);
  const code = smallNumber(result.expect(tag.enumerated));
  result.expect(tag.octetString); // matched DN
  result.expect(tag.octetString); // diagnostic message
  const name = resultNames[code] ?? `result code ${code}`;
  // Message id 0 is unsolicited: the notice of disconnection (RFC 4511 section 4.4.1).
  if (messageId === 0) return { kind: 'unavailable', detail: `LDAP notice of disconnection, ${name}` };
  if (messageId !== 1) return notLdap;
  if (code === 0) return { kind: 'ready' };
  const isTemporary = code === 51 || code === 52;
  return isTemporary
    ? { kind: 'unavailable', detail: `LDAP ${name}` }
    : { kind: 'not-offered', detail: `it answers StartTLS with ${name}` };
}

function smallNumber({ content }: DerElement): number {
  if (content.length < 1 || content.length > 4) return -1;
  return content.reduce((value, byte) => value * 256 + byte, 0);
}

const notLdap: DialogueEnd = { kind: 'wrong-protocol', detail: 'its answer is not one of LDAP' };
