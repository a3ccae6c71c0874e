import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contextTemplate, type EncryptionContext, encodeContext } from './encryption-context.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const text = fc.string({ unit: 'grapheme', maxLength: 8 });
const contexts = fc
  .record({
    purpose: text.filter((value) => value !== ''),
    tenant: text.filter((value) => value !== ''),
    rest: fc.dictionary(
      fc.string({ minLength: 1, maxLength: 6 }).filter((key) => key !== '__proto__'),
      text,
      { maxKeys: 4 },
    ),
  })
  .map(({ purpose, tenant, rest }): EncryptionContext => ({ ...rest, purpose, tenant }));

function canonical(context: EncryptionContext): string {
  return JSON.stringify(Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1)));
}

describe('encodeContext', () => {
  it('frozen bytes: a change of the layout makes stored values unreadable', () => {
    expect(Buffer.from(encodeContext('S', { tenant: 't', purpose: 'p' })).toString('latin1')).toBe(
      '\0\0\0\x21QuantumVault encryption context 1\0\0\0\x01S\0\0\0\x02' +
        '\0\0\0\x07purpose\0\0\0\x01p\0\0\0\x06tenant\0\0\0\x01t',
    );
  });

  it('ENV-1: is injective: equal bytes mean equal suite and equal context', () => {
    fc.assert(
      fc.property(contexts, contexts, text, text, (a, b, suiteA, suiteB) => {
        const sameInput = canonical(a) === canonical(b) && suiteA === suiteB;
        expect(hex(encodeContext(suiteA, a)) === hex(encodeContext(suiteB, b))).toBe(sameInput);
      }),
      { numRuns: 500 },
    );
  });

  it('moving a character across any boundary changes the bytes', () => {
    const base = { purpose: 'ab', tenant: 'cd', x: 'yz' };
    const moved: EncryptionContext[] = [
      { purpose: 'a', tenant: 'bcd', x: 'yz' },
      { purpose: 'abc', tenant: 'd', x: 'yz' },
      { purpose: 'ab', tenant: 'cd', xy: 'z' },
      { purpose: 'ab', tenant: 'cd', x: 'y', z: '' },
    ];
    const all = [base, ...moved].map((context) => hex(encodeContext('S', context)));
    expect(new Set(all).size).toBe(all.length);
    expect(hex(encodeContext('SS', base))).not.toBe(hex(encodeContext('S', base)));
  });

  it('does not depend on the order of the keys', () => {
    const forward = encodeContext('S', { a: '1', b: '2', purpose: 'p', tenant: 't' });
    const backward = encodeContext('S', { tenant: 't', purpose: 'p', b: '2', a: '1' });
    expect(forward).toEqual(backward);
  });

  it('sorts by UTF-8 bytes, not by UTF-16 units', () => {
    // U+10000 sorts before U+FFFF in UTF-16 (as the surrogate D800), and after it in UTF-8.
    const bytes = encodeContext('S', { purpose: 'p', tenant: 't', '\u{10000}': '1', '\uffff': '2' });
    const body = hex(bytes);
    expect(body.indexOf('efbfbf')).toBeLessThan(body.indexOf('f0908080'));
  });

  it('needs purpose and tenant, as own and non-empty properties', () => {
    const inherited: EncryptionContext = Object.create({ purpose: 'p', tenant: 't' });
    for (const context of [{}, { purpose: 'p' }, { tenant: 't' }, { purpose: '', tenant: 't' }, inherited]) {
      expect(() => encodeContext('S', context)).toThrow(expect.objectContaining({ code: 'CRYPTO_CONTEXT_INVALID' }));
    }
  });

  it('refuses text that would lose information in UTF-8, non-strings and empty keys', () => {
    const base = { purpose: 'p', tenant: 't' };
    const wrong = [
      { ...base, x: '\ud800' },
      { ...base, '\udc00': 'x' },
      { ...base, '': 'x' },
      { ...base, x: 1 as unknown as string },
    ];
    for (const context of wrong) {
      expect(() => encodeContext('S', context)).toThrow(expect.objectContaining({ code: 'CRYPTO_CONTEXT_INVALID' }));
    }
  });

  it('bounds entries, keys and values', () => {
    const base = { purpose: 'p', tenant: 't' };
    const many = Object.fromEntries(Array.from({ length: 64 }, (_, index) => [`k${index}`, 'v']));
    for (const context of [
      { ...base, ...many },
      { ...base, ['k'.repeat(129)]: 'v' },
      { ...base, k: 'v'.repeat(4097) },
    ]) {
      expect(() => encodeContext('S', context)).toThrow(expect.objectContaining({ code: 'CRYPTO_LIMIT' }));
    }
  });
});

describe('contextTemplate', () => {
  it('agrees with encodeContext, wherever the entry that varies comes in the order', () => {
    fc.assert(
      fc.property(contexts, fc.string({ minLength: 1, maxLength: 6 }), text, text, (context, name, first, second) => {
        fc.pre(!Object.hasOwn(context, name) && name.isWellFormed());
        const encode = contextTemplate('S', context, name);
        for (const value of [first, second]) {
          expect(hex(encode(value))).toBe(hex(encodeContext('S', { ...context, [name]: value })));
        }
      }),
    );
  });

  it('refuses what encodeContext refuses, and an entry that is there already', () => {
    const base = { purpose: 'p', tenant: 't' };
    const invalid = expect.objectContaining({ code: 'CRYPTO_CONTEXT_INVALID' });
    expect(() => contextTemplate('S', base, 'tenant')).toThrow(invalid);
    expect(() => contextTemplate('S', { purpose: 'p' }, 'row')).toThrow(invalid);
    expect(() => contextTemplate('S', { purpose: 'p' }, 'tenant')).toThrow(invalid);
    expect(() => contextTemplate('S', base, 'row')('\ud800')).toThrow(invalid);
    expect(() => contextTemplate('S', base, 'row')('v'.repeat(4097))).toThrow(
      expect.objectContaining({ code: 'CRYPTO_LIMIT' }),
    );
  });
});
