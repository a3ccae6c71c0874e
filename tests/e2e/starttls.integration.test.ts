import type { StartTlsProtocol } from '@quantumvault/inventory';
import { scanTls } from '@quantumvault/providers/discovery/tls';
import { describe, expect, it } from 'vitest';
import { Dovecot } from '../../tools/services/dovecot.ts';
import { Exim } from '../../tools/services/exim.ts';
import { Mariadb } from '../../tools/services/mariadb.ts';
import { Postgres15 } from '../../tools/services/postgres15.ts';
import { type Service, withService } from '../../tools/services/service.ts';
import { Slapd } from '../../tools/services/slapd.ts';

// INV-3: the dialogues before TLS against servers that nobody here wrote.

const scan = async (starttls: StartTlsProtocol, port: number) => {
  const [outcome] = await scanTls([{ host: '127.0.0.1', port, starttls }], {
    guard: { mode: 'local', allow: [] },
    now: () => new Date(),
    targetTimeoutMs: 20_000,
  });
  return outcome?.kind === 'scanned' ? outcome.result : expect.fail(`the scan ended as ${outcome?.kind}`);
};

const dovecot = new Dovecot();
const exim = new Exim();
const mariadb = new Mariadb();
const postgres = new Postgres15({ tls: {} });
const slapd = new Slapd();
const servers: readonly (readonly [StartTlsProtocol, string, Service, () => number])[] = [
  ['smtp', 'Exim', exim, () => exim.port],
  ['imap', 'Dovecot', dovecot, () => dovecot.ports.imap],
  ['pop3', 'Dovecot', dovecot, () => dovecot.ports.pop3],
  ['ldap', 'OpenLDAP', slapd, () => slapd.port],
  ['postgres', 'PostgreSQL 15', postgres, () => postgres.port],
  ['mysql', 'MariaDB', mariadb, () => mariadb.port],
];

describe('INV-3: STARTTLS of real servers', { timeout: 120_000 }, () => {
  it.for(servers)('%s: %s leads to TLS', async ([protocol, , service, port], ctx) => {
    const missing = service.missing();
    if (missing !== undefined) return ctx.skip(missing);
    await withService(service, async () => {
      const result = await scan(protocol, port());
      expect(result).toMatchObject({ reachable: true, error: null });
      expect(result.versions).toEqual(expect.arrayContaining(['TLSv1.2', 'TLSv1.3']));
      expect(result.groups).toContain('secp256r1');
      expect(result.chain.length).toBeGreaterThan(0);
      // Servers that close where others send an alert leave questions open, and the scan says which. None of them may
      // come from the dialogue.
      expect(result.unresolved.filter(({ cause }) => cause !== 'reset')).toEqual([]);
      expect(result.findings.map(({ id }) => id).filter((id) => /^(starttls|not-tls)/.test(id))).toEqual([]);
    });
  });

  it('PostgreSQL without TLS says so, and on a port of PostgreSQL no other protocol is found', async (ctx) => {
    const plain = new Postgres15({});
    const missing = plain.missing();
    if (missing !== undefined) return ctx.skip(missing);
    await withService(plain, async () => {
      const result = await scan('postgres', plain.port);
      expect(result).toMatchObject({ reachable: true, error: null, versions: [], unresolved: [] });
      expect(result.findings).toMatchObject([{ id: 'starttls-not-offered', evidence: 'it answers SSLRequest with N' }]);
      // It takes our request for LDAP as a packet without end or as nonsense: it closes or waits, and we say which.
      const asked = await scan('ldap', plain.port);
      expect(asked.versions).toEqual([]);
      expect(asked.error === null ? asked.findings[0]?.id : asked.error).toMatch(
        /^(reset|timeout|starttls-wrong-protocol)$/,
      );
    });
  });
});
