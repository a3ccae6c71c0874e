import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../clock.ts';
import type { StoredSession } from './credential.ts';
import { CredentialStore } from './credential-store.ts';

const origin = 'https://vault.example.org';
const session: StoredSession = {
  kind: 'session',
  sessionId: 'a',
  subjectId: 'b',
  organizationId: 'c',
  accessToken: 'header.body.signature',
  refreshToken: `qvr_${'R'.repeat(43)}`,
  expiresAt: '2026-11-24T12:10:00.000Z',
  sessionEndsAt: '2026-11-25T12:00:00.000Z',
};

let home = '';
let store: CredentialStore;
const folder = (): string => join(home, '.config', 'quantumvault', 'credentials');
const file = (): string => join(folder(), `${encodeURIComponent(origin)}.json`);
const at = (names: Readonly<Record<string, string>>): CredentialStore =>
  new CredentialStore({ folder: '/', get: (name) => names[name] });

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'qv-home-'));
  store = at({ HOME: home });
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

describe('IFC-4: what a sign-in leaves', () => {
  it('is a file for each server that nobody else can read, and comes back as it was', () => {
    expect(store.read(origin)).toBeUndefined();
    store.write(origin, session);
    store.write('http://127.0.0.1:8920', { kind: 'api-key', apiKey: 'qv_a_b' });
    expect(store.read(origin)).toEqual(session);
    expect(store.origins().toSorted()).toEqual(['http://127.0.0.1:8920', origin]);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(statSync(folder()).mode & 0o777).toBe(0o700);
    store.write(origin, { ...session, accessToken: 'x.y.z' });
    expect(store.read(origin)).toMatchObject({ accessToken: 'x.y.z' });
    store.remove(origin);
    expect([store.read(origin), store.origins()]).toEqual([undefined, ['http://127.0.0.1:8920']]);
    expect(readdirSync(folder())).toHaveLength(1);
  });

  it('follows XDG_CONFIG_HOME, but no relative one, and needs one of both', () => {
    const other = join(home, 'elsewhere');
    at({ HOME: home, XDG_CONFIG_HOME: other }).write(origin, session);
    expect(readdirSync(join(other, 'quantumvault', 'credentials'))).toHaveLength(1);
    at({ HOME: home, XDG_CONFIG_HOME: 'relative' }).write(origin, session);
    expect(readdirSync(folder())).toHaveLength(1);
    expect(at({}).read(origin)).toBeUndefined();
    expect(() => at({}).write(origin, session)).toThrow('HOME');
  });

  it.each([0o640, 0o604, 0o660, 0o620])('is refused with mode %o, and not repaired', (mode) => {
    store.write(origin, session);
    chmodSync(file(), mode);
    expect(() => store.read(origin)).toThrow('can be read by others');
    expect(statSync(file()).mode & 0o777).toBe(mode);
  });

  it('is refused when it is a link, also to a good file, and a link is replaced by the next sign-in', () => {
    store.write(origin, session);
    const copy = join(home, 'copy.json');
    writeFileSync(copy, readFileSync(file()), { mode: 0o600 });
    rmSync(file());
    symlinkSync(copy, file());
    expect(() => store.read(origin)).toThrow('is a link');
    store.write(origin, { ...session, sessionId: 'new' });
    expect(store.read(origin)).toMatchObject({ sessionId: 'new' });
    expect(JSON.parse(readFileSync(copy, 'utf8'))).toMatchObject({ sessionId: 'a' });
  });

  it('is refused in a folder that is a link, or that others may write to', () => {
    store.write(origin, session);
    chmodSync(folder(), 0o777);
    expect(() => store.read(origin)).toThrow('nobody else may write');
    expect(() => store.write(origin, session)).toThrow('nobody else may write');
    chmodSync(folder(), 0o700);
    const real = join(home, 'real');
    mkdirSync(real);
    rmSync(folder(), { recursive: true });
    symlinkSync(real, folder());
    expect(() => store.read(origin)).toThrow('link');
  });

  it('is refused when damaged, too long, or under the name of another server, without quoting it', () => {
    store.write(origin, session);
    const whole = readFileSync(file(), 'utf8');
    const others = whole.replace(origin, 'https://other.example.org');
    const broken = [
      whole.slice(0, -20),
      '[]',
      'null',
      '{"version":1}',
      others,
      whole.replace('header.body', 'he ader'),
    ];
    for (const text of broken) {
      writeFileSync(file(), text);
      let message = '';
      try {
        store.read(origin);
      } catch (error) {
        message = String(error);
      }
      expect(message, text).toContain('damaged');
      expect(message).not.toContain('RRRR');
    }
    writeFileSync(file(), `${whole}${' '.repeat(70_000)}`);
    expect(() => store.read(origin)).toThrow('not a file that qv has written');
  });

  it('is locked for one at a time', async () => {
    let inside = 0;
    const seen: number[] = [];
    const work = async (): Promise<void> => {
      inside += 1;
      seen.push(inside);
      await systemClock.sleep(5);
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 5 }, () => store.locked(origin, systemClock, work)));
    expect(seen).toEqual([1, 1, 1, 1, 1]);
    await expect(store.locked(origin, systemClock, () => Promise.reject(new Error('inside')))).rejects.toThrow(
      'inside',
    );
    await store.locked(origin, systemClock, work);
    expect(seen).toHaveLength(6);
  });
});
