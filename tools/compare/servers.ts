/** The servers that the scanners are compared on: nobody here wrote them, and each has something that another has not. */
import { Dovecot } from '../services/dovecot.ts';
import { Exim } from '../services/exim.ts';
import { Mariadb } from '../services/mariadb.ts';
import { Nginx } from '../services/nginx.ts';
import { NodeServer } from '../services/node-server.ts';
import { OpensslServer } from '../services/openssl-server.ts';
import { Postgres15 } from '../services/postgres15.ts';
import type { Service } from '../services/service.ts';
import { Slapd } from '../services/slapd.ts';
import type { ToolTarget } from './tool.ts';

export interface ComparedServer {
  readonly name: string;
  readonly service: Service;
  /** Once it is ready. */
  target(): ToolTarget;
}

function direct(name: string, service: Service & { readonly port: number }): ComparedServer {
  return { name, service, target: () => ({ port: service.port }) };
}

export function comparedServers(): readonly ComparedServer[] {
  const dovecot = new Dovecot();
  const exim = new Exim();
  const mariadb = new Mariadb();
  const postgres = new Postgres15({ tls: { key: 'ec:P-256' } });
  const slapd = new Slapd();
  return [
    direct('openssl, as it comes', new OpensslServer()),
    direct('openssl, own order', new OpensslServer({ key: 'ec:P-384', args: ['-serverpref'] })),
    direct(
      'openssl, from TLS 1.0 on',
      new OpensslServer({ key: 'rsa:3072', args: ['-serverpref', '-cipher', 'ALL:@SECLEVEL=0'] }),
    ),
    direct(
      'openssl, DHE and RSA alone',
      new OpensslServer({ args: ['-no_tls1_3', '-cipher', 'DHE-RSA-AES128-GCM-SHA256:AES256-SHA'] }),
    ),
    direct(
      'openssl, TLS 1.3 with Ed25519',
      new OpensslServer({ key: 'ed25519', args: ['-tls1_3', '-groups', 'X448:X25519'] }),
    ),
    direct(
      'nginx, two certificates',
      new Nginx({ lines: ['ssl_protocols TLSv1.2 TLSv1.3;', 'ssl_prefer_server_ciphers on;'] }),
    ),
    direct('nginx of Debian, as it comes', new Nginx({ keys: ['rsa:2048'] })),
    direct('node, hybrid groups', new NodeServer('hybrid')),
    direct('node, ML-DSA certificate', new NodeServer('ml-dsa')),
    { name: 'postgres', service: postgres, target: () => ({ port: postgres.port, starttls: 'postgres' }) },
    { name: 'exim', service: exim, target: () => ({ port: exim.port, starttls: 'smtp' }) },
    { name: 'dovecot imap', service: dovecot, target: () => ({ port: dovecot.ports.imap, starttls: 'imap' }) },
    { name: 'dovecot pop3', service: dovecot, target: () => ({ port: dovecot.ports.pop3, starttls: 'pop3' }) },
    { name: 'dovecot imaps', service: dovecot, target: () => ({ port: dovecot.ports.imaps }) },
    { name: 'slapd', service: slapd, target: () => ({ port: slapd.port, starttls: 'ldap' }) },
    { name: 'mariadb', service: mariadb, target: () => ({ port: mariadb.port, starttls: 'mysql' }) },
  ];
}
