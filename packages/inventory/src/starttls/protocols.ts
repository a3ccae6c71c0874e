/** Protocols that begin in clear and turn to TLS when the client asks for it; every other target speaks TLS from its first byte. */
export const startTlsProtocols = ['smtp', 'imap', 'pop3', 'ldap', 'postgres', 'mysql'] as const;

export type StartTlsProtocol = (typeof startTlsProtocols)[number];

/** The ports on which these protocols begin in clear (IANA service names). */
export const startTlsPorts: Readonly<Record<StartTlsProtocol, number>> = {
  smtp: 25,
  imap: 143,
  pop3: 110,
  ldap: 389,
  postgres: 5432,
  mysql: 3306,
};

/** The name that people know a protocol by, for messages. */
export const startTlsNames: Readonly<Record<StartTlsProtocol, string>> = {
  smtp: 'SMTP',
  imap: 'IMAP',
  pop3: 'POP3',
  ldap: 'LDAP',
  postgres: 'PostgreSQL',
  mysql: 'MySQL',
};

export function findStartTlsProtocol(text: string): StartTlsProtocol | undefined {
  return startTlsProtocols.find((protocol) => protocol === text);
}
