import { readFileSync } from 'node:fs';
import { connect } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { serviceAvailability } from './availability.ts';
import { OpensslServer } from './openssl-server.ts';
import { Postgres15 } from './postgres15.ts';
import { withService } from './service.ts';

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
