/**
 * Names the protocol that turned into TLS from what was said before it (STARTTLS and its kin). Only evidence in the
 * bytes counts, never the port; what matches nothing is `unknown` (INV-4).
 */
export const upgradeProtocols = [
  'smtp',
  'imap',
  'pop3',
  'ftp',
  'nntp',
  'ldap',
  'xmpp',
  'irc',
  'postgres',
  'mysql',
  'rdp',
  'http-connect',
  'unknown',
] as const;

export type UpgradeProtocol = (typeof upgradeProtocols)[number];

// SSLRequest of PostgreSQL's protocol: length 8 and the code 1234.5679.
const postgresRequest = [0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f];
// The extended operation's OID in an LDAP request, as text.
const ldapStartTls = '1.3.6.1.4.1.1466.20037';

/** `client` and `server` are the bytes each side sent before its first TLS record; either may be missing. */
export function nameUpgrade(client: Uint8Array, server: Uint8Array): UpgradeProtocol {
  const asked = new TextDecoder('latin1').decode(client);
  const said = new TextDecoder('latin1').decode(server);
  if (postgresRequest.every((byte, index) => client[index] === byte)) return 'postgres';
  // A MySQL greeting: 3 bytes of length, packet number 0, protocol version 10.
  if (server[3] === 0 && server[4] === 10 && server.length > 4) return 'mysql';
  if (asked.includes(ldapStartTls)) return 'ldap';
  if (/<starttls[\s/>]/i.test(asked) || /<starttls[\s/>]/i.test(said)) return 'xmpp';
  if (/^CONNECT \S+ HTTP\//i.test(asked)) return 'http-connect';
  if (/(^|\r?\n)AUTH (TLS|SSL)/i.test(asked)) return 'ftp';
  if (/(^|\r?\n)STLS\r?\n/i.test(asked)) return 'pop3';
  // A TPKT header with a connection request that names its security protocols.
  if (client[0] === 3 && client[1] === 0 && client[5] === 0xe0) return 'rdp';
  if (/(^|\r?\n)\S+ STARTTLS\r?\n/i.test(asked) && said.startsWith('* ')) return 'imap';
  if (/(^|\r?\n)STARTTLS\r?\n/i.test(asked)) {
    if (/^220[ -]/.test(said)) return 'smtp';
    if (/^20[01] /.test(said)) return 'nntp';
    return /^:|\r\n:/.test(said) ? 'irc' : 'unknown';
  }
  return 'unknown';
}
