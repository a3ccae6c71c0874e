import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { serviceAvailability } from './availability.ts';
import { Dovecot } from './dovecot.ts';
import { Exim } from './exim.ts';
import { Mariadb } from './mariadb.ts';
import { Nginx } from './nginx.ts';
import { OpensslServer } from './openssl-server.ts';
import { Postgres15 } from './postgres15.ts';
import { type Service, withService } from './service.ts';
import { Slapd } from './slapd.ts';

describe('postgres15', () => {
  it('hands out a role that may create roles and databases and is no superuser', async (ctx) => {
    const service = new Postgres15();
    const missing = service.missing();
    if (missing !== undefined) return ctx.skip(missing);
    await withService(service, async (running) => {
      expect(running.query('SHOW server_version')).toMatch(/^15\./);
      const rights = running.query(
        "SELECT rolcreaterole, rolcreatedb, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = 'quantumvault_installer'",
      );
      expect(rights).toBe('t|t|f|f');
      expect(running.query('SHOW listen_addresses')).toBe('127.0.0.1');
      expect(running.query("SELECT count(*) FROM pg_hba_file_rules WHERE auth_method <> 'scram-sha-256'")).toBe('0');
    });
  });

  it('is shared with the tests of an integration run', (ctx) => {
    const shared = serviceAvailability('postgres15');
    if (!shared.available) return ctx.skip(shared.reason);
    expect(new URL(shared.url).hostname).toBe('127.0.0.1');
  });
});

describe('openssl', () => {
  it('serves the protocol and the chain asked for', async (ctx) => {
    const service = new OpensslServer({ key: 'ec:P-256', args: ['-tls1_2'] });
    const missing = service.missing();
    if (missing !== undefined) return ctx.skip(missing);
    await withService(service, async (running) => {
      const protocol = await new Promise((resolve, reject) => {
        const ca = readFileSync(running.authorityFile);
        const socket = connect({ port: running.port, host: '127.0.0.1', servername: 'localhost', ca }, () => {
          resolve([socket.getProtocol(), socket.authorized]);
          socket.end();
        });
        socket.once('error', reject);
      });
      expect(protocol).toEqual(['TLSv1.2', true]);
    });
  });
});

/** What OpenSSL's own client, which shares nothing with the product, says about a server: protocol and key of the certificate. */
function askOpenssl(port: number, ...words: readonly string[]): string {
  const run = spawnSync(
    'openssl',
    ['s_client', '-connect', `127.0.0.1:${port}`, '-servername', 'localhost', ...words],
    {
      input: '',
      encoding: 'utf8',
      timeout: 10_000,
    },
  );
  const key = /Server public key is (\d+ bit)/.exec(run.stdout)?.[1];
  const subject = /^subject=(.*)$/m.exec(run.stdout)?.[1];
  return `${/New, (\S+), Cipher/.exec(run.stdout)?.[1]} ${subject} ${key}`;
}

describe('servers that speak TLS', () => {
  const dovecot = new Dovecot({ key: 'ec:P-384' });
  const exim = new Exim({ key: 'rsa:3072', priorities: 'NORMAL:-VERS-TLS1.3' });
  const mariadb = new Mariadb({ key: 'ec:P-256', args: ['--tls-version=TLSv1.2'] });
  const nginx = new Nginx({ keys: ['ec:P-256', 'rsa:2048'], lines: ['ssl_protocols TLSv1.2 TLSv1.3;'] });
  const postgres = new Postgres15({ tls: { key: 'ec:P-256' } });
  const slapd = new Slapd({ key: 'rsa:2048' });

  const rows: readonly (readonly [string, Service, () => readonly string[], readonly string[]])[] = [
    [
      'dovecot',
      dovecot,
      () => [
        askOpenssl(dovecot.ports.imap, '-starttls', 'imap'),
        askOpenssl(dovecot.ports.pop3, '-starttls', 'pop3'),
        askOpenssl(dovecot.ports.imaps),
      ],
      Array.from({ length: 3 }, () => 'TLSv1.3 CN = localhost 384 bit'),
    ],
    ['exim', exim, () => [askOpenssl(exim.port, '-starttls', 'smtp')], ['TLSv1.2 CN = localhost 3072 bit']],
    ['mariadb', mariadb, () => [askOpenssl(mariadb.port, '-starttls', 'mysql')], ['TLSv1.2 CN = localhost 256 bit']],
    [
      'nginx',
      nginx,
      () => [
        askOpenssl(nginx.port, '-sigalgs', 'ecdsa_secp256r1_sha256'),
        askOpenssl(nginx.port, '-sigalgs', 'rsa_pss_rsae_sha256'),
      ],
      ['TLSv1.3 CN = localhost 256 bit', 'TLSv1.3 CN = localhost 2048 bit'],
    ],
    [
      'postgres15',
      postgres,
      () => [askOpenssl(postgres.port, '-starttls', 'postgres')],
      ['TLSv1.3 CN = localhost 256 bit'],
    ],
    ['slapd', slapd, () => [askOpenssl(slapd.port, '-starttls', 'ldap')], ['TLSv1.3 CN = localhost 2048 bit']],
  ];

  it.for(rows)(
    '%s serves the certificate made for it, and leaves nothing behind',
    async ([, service, ask, expected], ctx) => {
      const missing = service.missing();
      if (missing !== undefined) return ctx.skip(missing);
      await withService(service, async () => {
        expect(ask()).toEqual(expected);
      });
      expect(ask().join()).toMatch(/^undefined/);
      await expect(service.stop()).resolves.toBeUndefined();
    },
  );
});
