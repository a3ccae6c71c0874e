import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { StartError } from './data-folder.ts';
import { checkDatabaseUrl, isLocalHost, parseDatabaseTls, readDatabaseUrl } from './database-url.ts';

const PASSWORD = 's3cret-in-url';

describe('a database that is not local needs TLS with verify-full', () => {
  it.each([
    ['postgres://u:p@db.example/app', 'verify-full'],
    ['postgres://u:p@db.example/app?sslmode=verify-full', 'verify-full'],
    ['postgresql://u:p@127.0.0.1:5433/app', 'off'],
    ['postgres://u:p@[::1]/app', 'off'],
    ['postgres://u:p@localhost/app?sslmode=verify-full', 'verify-full'],
    ['postgres://u:p@/app?host=/run/postgresql', 'off'],
  ])('%s is reached with TLS %s', (url, ssl) => {
    const checked = checkDatabaseUrl(url, 'verify-full');
    expect(checked.address.ssl).toBe(ssl);
    expect(new URL(checked.url.replace('@/', '@x/')).searchParams.get('sslmode')).toBe(ssl === 'off' ? null : ssl);
  });

  it.each(['disable', 'allow', 'prefer', 'require', 'verify-ca', 'no-verify'])('sslmode=%s is refused', (mode) => {
    expect(() => checkDatabaseUrl(`postgres://u:${PASSWORD}@db.example/app?sslmode=${mode}`, 'verify-full')).toThrow(
      StartError,
    );
  });

  it('the host that counts is the one that is connected to', () => {
    const hidden = 'postgres://u:p@localhost/app?host=db.example&sslmode=disable';
    expect(() => checkDatabaseUrl(hidden, 'verify-full')).toThrow(/db\.example/);
    expect(() =>
      checkDatabaseUrl('postgres://u:p@localhost/app?host=/tmp&host=db.example&sslmode=disable', 'verify-full'),
    ).toThrow();
    expect(() => checkDatabaseUrl('postgres://u:p@db.example/app?ssl=0', 'verify-full')).toThrow(/sslmode/);
  });

  it('is reached without TLS only when the setting says so', () => {
    expect(checkDatabaseUrl('postgres://u:p@db.example/app?sslmode=disable', 'off').address.ssl).toBe('off');
    expect(parseDatabaseTls(undefined)).toBe('verify-full');
    expect(() => parseDatabaseTls('none')).toThrow(StartError);
  });
});

describe('the address for the server', () => {
  it('names the place and no credential', () => {
    const { address, url } = checkDatabaseUrl(
      `postgres://owner:${PASSWORD}@db.example:6432/app?sslrootcert=/etc/ca.pem`,
      'verify-full',
    );
    expect(address).toEqual({
      host: 'db.example',
      port: 6432,
      database: 'app',
      ssl: 'verify-full',
      sslrootcert: '/etc/ca.pem',
    });
    expect(JSON.stringify(address)).not.toContain(PASSWORD);
    expect(url).toContain(PASSWORD);
  });

  it('keeps a socket URL as it is', () => {
    const { url, address } = checkDatabaseUrl('postgres://u:p@/app?host=%2Frun%2Fpg', 'verify-full');
    expect(url).toBe('postgres://u:p@/app?host=%2Frun%2Fpg');
    expect(address.host).toBe('/run/pg');
  });

  it.each([
    'not a url',
    'mysql://u:p@h/db',
    `postgres://u:${PASSWORD}@db.example/`,
    `postgres://u:${PASSWORD}@h:0/db`,
    `postgres://u:${PASSWORD}@h/db?port=x`,
  ])('refuses %s without repeating it', (text) => {
    let message = '';
    try {
      checkDatabaseUrl(text, 'verify-full');
    } catch (error) {
      message = error instanceof StartError ? error.message : '';
    }
    expect(message).not.toBe('');
    expect(message).not.toContain(PASSWORD);
  });

  it('knows what is local', () => {
    for (const host of ['', '/tmp', 'localhost', '127.0.0.1', '127.9.9.9', '::1']) expect(isLocalHost(host)).toBe(true);
    for (const host of ['db', '10.0.0.1', '127.0.0.1.evil.example', 'localhost.evil.example'])
      expect(isLocalHost(host)).toBe(false);
  });
});

describe('readDatabaseUrl', () => {
  it('takes the variable or the file, never both', () => {
    const folder = mkdtempSync(join(tmpdir(), 'qv-url-'));
    const file = join(folder, 'url');
    writeFileSync(file, 'postgres://u:p@localhost/app\n');
    expect(readDatabaseUrl({})).toBeUndefined();
    expect(readDatabaseUrl({ DATABASE_URL: 'x' })).toBe('x');
    expect(readDatabaseUrl({ DATABASE_URL_FILE: file })).toBe('postgres://u:p@localhost/app');
    expect(() => readDatabaseUrl({ DATABASE_URL: 'x', DATABASE_URL_FILE: file })).toThrow(StartError);
    expect(() => readDatabaseUrl({ DATABASE_URL_FILE: join(folder, 'none') })).toThrow(StartError);
    rmSync(folder, { recursive: true });
  });
});
