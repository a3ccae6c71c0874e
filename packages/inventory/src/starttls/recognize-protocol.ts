import { latin1 } from '@quantumvault/pki';
import type { StartTlsProtocol } from './protocols.ts';

export interface RecognizedProtocol {
  /** The name for people. */
  readonly name: string;
  /** The dialogue that would lead to TLS here, when there is one. */
  readonly protocol?: StartTlsProtocol;
}

const banners: readonly (readonly [pattern: RegExp, found: RecognizedProtocol])[] = [
  [/^SSH-\d/, { name: 'SSH' }],
  [/^HTTP\/\d/, { name: 'HTTP without TLS' }],
  [/^RFB \d{3}\.\d{3}/, { name: 'VNC' }],
  [/^\* (OK|PREAUTH|BYE)\b/i, { name: 'IMAP', protocol: 'imap' }],
  [/^\+OK/, { name: 'POP3', protocol: 'pop3' }],
  [/^220[ -][^\n]*\bFTP/i, { name: 'FTP' }],
  [/^220[ -][^\n]*SMTP/i, { name: 'SMTP', protocol: 'smtp' }],
  [/^AMQP/, { name: 'AMQP' }],
  [/^<(\?xml|stream:)/, { name: 'XMPP' }],
  [/^@RSYNCD:/, { name: 'rsync' }],
];

/**
 * Names the protocol of a server by its first bytes, so that a finding can say what is on a port instead of only what
 * is not. Undefined when they prove nothing; a guess is not made.
 */
export function recognizeProtocol(first: Uint8Array): RecognizedProtocol | undefined {
  const [type = 0, major = 0, minor = 0, fourth = 0, fifth = 0] = first;
  // A record of TLS: an alert or a handshake message, versions 3.0 to 3.4.
  if ((type === 0x15 || type === 0x16) && major === 3 && minor <= 4) return { name: 'TLS from its first byte' };
  // MySQL: packet number 0 of less than 64 KiB with protocol version 10.
  if (first.length >= 5 && minor === 0 && fourth === 0 && fifth === 10) return { name: 'MySQL', protocol: 'mysql' };
  const text = latin1(first.subarray(0, 256));
  return banners.find(([pattern]) => pattern.test(text))?.[1];
}
