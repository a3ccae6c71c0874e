import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from './app-error.ts';
import { idBytes, idFrom, idFromBytes, uuidV7Source } from './ids.ts';
import { decodeCursor, encodeCursor, pageOf } from './page.ts';
import { memberPermissions, permissionsOfRole, roles } from './permissions.ts';

describe('ids', () => {
  it('are UUID version 7, rise within a process and survive a clock that stands still or goes back', () => {
    const times = [1000, 1000, 999, 1001, 5, 1001];
    const newId = uuidV7Source(() => times.shift() ?? 1001);
    const made = Array.from({ length: 10_000 }, () => newId<string>());
    expect(new Set(made).size).toBe(made.length);
    expect([...made].sort()).toEqual(made);
    for (const id of made) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('round-trip through their 16 bytes, and nothing else is an id', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        expect(idBytes(idFromBytes(bytes))).toEqual(new Uint8Array(bytes));
      }),
    );
    for (const bad of ['', 'x', '01920000-0000-7000-8000-00000000000G', '01920000-0000-7000-8000-00000000000A']) {
      expect(() => idFrom(bad)).toThrow(TypeError);
    }
  });
});

describe('pages', () => {
  it('a cursor is read by the listing that made it and refused otherwise', () => {
    const id = '01920000-0000-7000-8000-000000000000';
    expect(decodeCursor(encodeCursor([12.5, id]), ['number', 'uuid'])).toEqual([12.5, id]);
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          decodeCursor(text, ['uuid']);
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
        }
      }),
    );
    expect(() => decodeCursor(encodeCursor([id]), ['number', 'uuid'])).toThrow(AppError);
    expect(() => decodeCursor(encodeCursor(["' OR 1=1"]), ['uuid'])).toThrow(AppError);
  });

  it('the extra row tells whether there is a next page and is not shown', () => {
    expect(pageOf([1, 2, 3], 3, (n) => [n])).toEqual({ items: [1, 2, 3], nextCursor: null });
    expect(pageOf([1, 2, 3], 2, (n) => [n])).toEqual({ items: [1, 2], nextCursor: encodeCursor([2]) });
  });
});

describe('ACC-6: built-in roles', () => {
  it('ACC-6: the auditor reads and changes nothing', () => {
    for (const permission of permissionsOfRole.auditor) expect(permission).toMatch(/\.read$/);
    expect(permissionsOfRole.auditor).toContain('audit.read');
    expect(permissionsOfRole.auditor).not.toContain('tls-bundle.read');
  });

  it('ACC-6: no role has what every member has anyway and nothing more by it', () => {
    for (const role of roles) expect(permissionsOfRole[role]).toContain('identity.read');
    // What concerns oneself alone. A key for oneself is never more than its owner (identity/api-keys).
    const forOneself = /^(identity|grant|approval)\.|^api-key\.create-own$/;
    expect(memberPermissions.filter((permission) => !forOneself.test(permission))).toEqual([]);
  });

  it('ACC-6: only the platform administrator exports every leaf', () => {
    expect(roles.filter((role) => permissionsOfRole[role].includes('audit.export-all'))).toEqual(['platform-admin']);
  });
});
