// The parts of the supervisor that need no running server; tests/fault/embedded-postgres.test.ts has the rest.
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { libraryLinks, locateBinaries, prepareBinaries } from './binaries.ts';
import { connectionUrl } from './connection.ts';
import { chooseDatabaseUser, firstClosedFolder, parsePasswd } from './database-user.ts';
import { boundLog } from './log-file.ts';
import { decidePlacement, fitsSocket, preparePlacement, prepareSocketFolder } from './placement.ts';
import { renderSettings } from './settings.ts';

const isRoot = process.getuid?.() === 0;
const folder = mkdtempSync(join(tmpdir(), 'qv-pg-'));
beforeAll(() => chmodSync(folder, 0o711));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PASSWD =
  'root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534:nobody:/:/bin/false\n\nbroken\npostgres:x:101:104::/:/bin/sh\n';

describe('the user of the database', () => {
  it('is never root and needs a passwd entry', () => {
    expect(parsePasswd(PASSWD).map((user) => user.name)).toEqual(['nobody', 'postgres']);
    expect(chooseDatabaseUser('root:x:0:0::/:/bin/sh\nquantumvault:x:0:0::/:/bin/sh\n', undefined)).toBeUndefined();
  });
  it('is a dedicated one first, and the owner of existing data before that', () => {
    expect(chooseDatabaseUser(PASSWD, undefined)?.name).toBe('postgres');
    expect(chooseDatabaseUser(`${PASSWD}quantumvault:x:300:300::/:/bin/sh\n`, undefined)?.name).toBe('quantumvault');
    expect(chooseDatabaseUser(PASSWD, 65_534)?.name).toBe('nobody');
    expect(chooseDatabaseUser(PASSWD, 4242)).toBeUndefined();
  });
  it('may or may not enter a folder, judged from the root down', () => {
    const user = { name: 'x', uid: 4242, gid: 4242 };
    const closed = join(folder, 'closed');
    mkdirSync(join(closed, 'inner'), { recursive: true });
    expect(firstClosedFolder(join(closed, 'inner'), user)).toBeUndefined();
    chmodSync(closed, 0o700);
    expect(firstClosedFolder(join(closed, 'inner'), user)).toBe(closed);
  });
});

describe('the place of the database', () => {
  const dataDir = join(folder, 'data');
  beforeAll(() => mkdirSync(dataDir, { mode: 0o700 }));

  it('is the data folder, which stays closed to others', () => {
    const placement = decidePlacement({ dataDir });
    expect(placement.cluster).toBe(join(dataDir, 'postgres', 'data'));
    expect(placement.movedBecause).toBeUndefined();
    preparePlacement(placement);
    expect(statSync(dataDir).mode & 0o077).toBe(isRoot ? 0o010 : 0);
  });

  it('as root without a usable user is refused with the remedy', (ctx) => {
    if (!isRoot) ctx.skip('needs root');
    expect(() => decidePlacement({ dataDir, passwd: 'root:x:0:0::/:/bin/sh\n' })).toThrow(/useradd/);
  });

  it('a copy of a data folder does not reach for the database of its original', (ctx) => {
    if (!isRoot) ctx.skip('needs root');
    const systemFolder = join(folder, 'system');
    const original = join(folder, 'original');
    mkdirSync(join(original, 'd'), { recursive: true });
    chmodSync(original, 0o700);
    const placement = decidePlacement({ dataDir: join(original, 'd'), systemFolder });
    expect(placement.place.startsWith(systemFolder)).toBe(true);
    expect(placement.movedBecause).toContain(original);
    preparePlacement(placement);
    writeFileSync(join(original, 'd', 'postgres.json'), '{}');
    mkdirSync(placement.cluster);
    cpSync(original, join(folder, 'copy'), { recursive: true });
    chmodSync(join(folder, 'copy'), 0o700);
    const copy = decidePlacement({ dataDir: join(folder, 'copy', 'd'), recordedPlace: placement.place, systemFolder });
    expect(() => preparePlacement(copy)).toThrow(/copy/);
  });

  it('a socket folder is short, plain and private; a squatted one is not used', () => {
    expect(fitsSocket(`/${'a'.repeat(86)}`)).toBe(false);
    expect(fitsSocket('/tmp/with space')).toBe(false);
    expect(fitsSocket("/tmp/it's,two")).toBe(false);
    const place = join(folder, 'p');
    mkdirSync(join(place, 'run'), { recursive: true });
    chmodSync(join(place, 'run'), 0o777);
    const chosen = prepareSocketFolder(place, undefined);
    expect(chosen).not.toBe(join(place, 'run'));
    expect(statSync(chosen).mode & 0o777).toBe(0o700);
    rmSync(chosen, { recursive: true, force: true });
  });
});

describe('the binaries', () => {
  it('get their library links and execute bits from us, not from an install script', () => {
    const found = locateBinaries();
    // As npm unpacks them with --ignore-scripts: no links, and here without the execute bit as well.
    const native = join(folder, 'native');
    mkdirSync(join(native, 'lib'), { recursive: true });
    mkdirSync(join(native, 'bin'));
    cpSync(join(found.native, 'pg-symlinks.json'), join(native, 'pg-symlinks.json'));
    for (const name of readdirSync(join(found.native, 'lib')).filter((entry) => /\.so\.\d+\.\d+$/.test(entry)))
      writeFileSync(join(native, 'lib', name), '');
    for (const program of ['postgres', 'initdb']) {
      writeFileSync(join(native, 'bin', program), '');
      chmodSync(join(native, 'bin', program), 0o644);
    }
    const links = libraryLinks(native);
    expect(links.length).toBeGreaterThan(5);
    prepareBinaries({ found: { ...found, native }, user: undefined, copyTo: folder, log: () => {} });
    for (const link of links) {
      expect(lstatSync(link.path).isSymbolicLink()).toBe(true);
      expect(existsSync(link.path)).toBe(true);
    }
    expect(statSync(join(native, 'bin', 'postgres')).mode & 0o111).toBe(0o111);
  });

  it('a list of links that leaves the package is refused', () => {
    const native = join(folder, 'evil', 'native');
    mkdirSync(native, { recursive: true });
    writeFileSync(
      join(native, 'pg-symlinks.json'),
      JSON.stringify([{ source: 'native/lib/a', target: 'native/../../outside' }]),
    );
    expect(() => libraryLinks(native)).toThrow(/outside/);
  });

  it('are copied, and this is said, when the user cannot enter their folder', (ctx) => {
    if (!isRoot) ctx.skip('needs root');
    const found = locateBinaries();
    const hidden = join(folder, 'hidden');
    cpSync(found.native, join(hidden, 'native'), {
      recursive: true,
      filter: (path) => !path.endsWith('.so.60.2') || !path.includes('icudata'),
    });
    chmodSync(hidden, 0o700);
    const said: string[] = [];
    const user = { name: 'nobody', uid: 65_534, gid: 65_534 };
    const copyTo = join(folder, 'copies');
    const used = prepareBinaries({
      found: { ...found, native: join(hidden, 'native') },
      user,
      copyTo,
      log: (line) => said.push(line),
    });
    expect(used.native.startsWith(copyTo)).toBe(true);
    expect(said.join()).toContain(hidden);
    expect(existsSync(join(used.native, 'bin', 'pg_ctl'))).toBe(false);
    expect(firstClosedFolder(join(used.native, 'bin'), user)).toBeUndefined();
  });
});

describe('the settings', () => {
  const placement = {
    dataDir: '/d',
    place: '/d/p',
    cluster: "/d/it's",
    conf: '/d/c',
    user: undefined,
    binariesFolder: '/d',
    movedBecause: undefined,
  };
  it('quote every value, and let tests override', () => {
    const text = renderSettings({ placement, socketFolder: '/s', extra: { fsync: 'off' } });
    expect(text).toContain("data_directory = '/d/it''s'");
    expect(text).toContain("fsync = 'off'");
    expect(text.match(/^fsync/gm)).toHaveLength(1);
  });
});

describe('the connection', () => {
  it('survives odd characters as a URL', () => {
    const url = connectionUrl({ host: '/a b/c', port: 5432, user: 'u@x', password: 'p/:?', database: 'd' });
    expect(url).toBe('postgres://u%40x:p%2F%3A%3F@/d?host=%2Fa%20b%2Fc&port=5432');
  });
});

describe('the log', () => {
  it('is bounded: one old part, one current part', () => {
    const path = join(folder, 'x.log');
    writeFileSync(path, 'x'.repeat(2_000));
    expect(boundLog(path, 5_000)).toBe(false);
    expect(boundLog(path, 1_000)).toBe(true);
    expect(statSync(path).size).toBe(0);
    expect(statSync(`${path}.1`).size).toBe(2_000);
  });
});

describe('pgcrypto', () => {
  it('is used by no migration: its OpenSSL is past its end of life', () => {
    const root = join(import.meta.dirname, '../../..');
    const migrations = join(root, 'apps/server/src/migrations');
    const files = existsSync(migrations) ? readdirSync(migrations).filter((name) => name.endsWith('.sql')) : [];
    for (const name of files)
      expect(readFileSync(join(migrations, name), 'utf8')).not.toMatch(/pgcrypto|CREATE\s+EXTENSION/i);
  });
});
