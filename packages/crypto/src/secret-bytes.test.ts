import { format, inspect } from 'node:util';
import { serialize } from 'node:v8';
import { MessageChannel } from 'node:worker_threads';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SecretAccess, SecretBytes, secretAccess } from './secret-bytes.ts';

const canary = 'canary-9f1c2b';

describe('SecretBytes', () => {
  it('CRY-8: no way of printing, serializing or cloning shows the content', () => {
    const secret = SecretBytes.fromUtf8(canary);
    const shown = [
      String(secret),
      `${secret}`,
      JSON.stringify({ secret }),
      inspect(secret, { depth: 9, showHidden: true, customInspect: true }),
      inspect(secret, { depth: 9, showHidden: true, customInspect: false }),
      inspect({ nested: [secret] }, { depth: 9 }),
      Object.keys(secret).join(),
      JSON.stringify(Object.entries(secret)),
      JSON.stringify({ ...secret }),
    ].join('\n');
    expect(shown).not.toContain(canary);
    expect(shown).not.toContain(String(canary.charCodeAt(0) * 1000 + 1));
    expect(String(secret)).toBe('[SecretBytes]');
    expect(JSON.stringify({ secret })).toBe('{"secret":"[SecretBytes]"}');
    expect(() => structuredClone(secret)).toThrow(/could not be cloned/);
    expect(() => structuredClone({ deep: [secret] })).toThrow(/could not be cloned/);
  });

  it('CRY-8: no way of the runtime carries the content elsewhere', async () => {
    const secret = SecretBytes.fromUtf8(canary);
    const { port1, port2 } = new MessageChannel();
    expect(() => port1.postMessage(secret)).toThrow(/could not be cloned/);
    expect(() => port1.postMessage(new Map([['key', [secret]]]))).toThrow(/could not be cloned/);
    port1.close();
    port2.close();
    expect(() => serialize({ secret })).toThrow(/could not be cloned/);
    const written = [
      `${secret}`,
      [secret].join(),
      [secret, [secret]].toString(),
      format('%s %o %O %j %d', secret, secret, secret, secret, secret),
      new Error(`failed with ${secret}`, { cause: secret }).message,
      inspect(new Error('failed', { cause: secret }), { depth: 9 }),
      JSON.stringify([secret, { secret }, new Map([[1, secret]])]),
      String(Object.assign({}, secret)),
      new URLSearchParams({ secret: String(secret) }).toString(),
      Buffer.from(String(secret)).toString(),
    ].join('\n');
    expect(written).not.toContain(canary);
    expect(written).not.toContain(Buffer.from(canary).toString('hex'));
    expect(written).not.toContain(Buffer.from(canary).toString('base64'));
    expect(written).not.toContain([...Buffer.from(canary)].slice(0, 4).join(', '));
    // Neither bytes nor properties nor iteration: what takes a buffer takes nothing from it.
    expect(ArrayBuffer.isView(secret)).toBe(false);
    expect(Symbol.iterator in secret).toBe(false);
    expect(Object.getOwnPropertyNames(secret)).toEqual(['toJSON']);
  });

  it('CRY-8: nothing compares by content by accident', () => {
    const [one, same] = [SecretBytes.fromUtf8(canary), SecretBytes.fromUtf8(canary)];
    const other = SecretBytes.fromUtf8('canary-9f1c2c');
    expect(one === same).toBe(false);
    expect(Object.is(one, same)).toBe(false);
    expect(new Set([one, same]).size).toBe(2);
    // Every secret is the same text, so comparing texts says nothing either, and ordering them leaves them as they were.
    expect(String(one)).toBe(String(other));
    expect(JSON.stringify(one)).toBe(JSON.stringify(other));
    expect(Number(one)).toBeNaN();
    expect([other, one].sort()).toEqual([other, one]);
    expect([one.equals(same), one.equals(other)]).toEqual([true, false]);
  });

  it('CRY-8: opening needs the token', () => {
    const secret = SecretBytes.random(8);
    const forged = Object.freeze({}) as unknown as SecretAccess;
    expect(() => secret.open(forged, (bytes) => bytes[0])).toThrow(
      expect.objectContaining({ code: 'CRYPTO_SECRET_ACCESS_DENIED' }),
    );
    expect(secret.open(secretAccess, (bytes) => bytes.length)).toBe(8);
  });

  it('CRY-8: take zeroises the source, dispose zeroises the copy, and nothing opens after it', () => {
    const source = new Uint8Array([1, 2, 3]);
    const secret = SecretBytes.take(source);
    expect([...source]).toEqual([0, 0, 0]);
    const lent = secret.open(secretAccess, (bytes) => bytes);
    expect([...lent]).toEqual([1, 2, 3]);
    secret.dispose();
    secret.dispose();
    expect([...lent]).toEqual([0, 0, 0]);
    expect(secret.isDisposed).toBe(true);
    expect(secret.length).toBe(3);
    const disposed = expect.objectContaining({ code: 'CRYPTO_SECRET_DISPOSED' });
    expect(() => secret.open(secretAccess, (bytes) => bytes)).toThrow(disposed);
    expect(() => secret.equals(SecretBytes.random(3))).toThrow(disposed);
    expect(() => SecretBytes.random(3).equals(secret)).toThrow(disposed);
  });

  it('CRY-8: using disposes at the end of the block, even when it throws', () => {
    let lent = new Uint8Array(0) as Uint8Array;
    expect(() => {
      using secret = SecretBytes.take(new Uint8Array([7, 7]));
      lent = secret.open(secretAccess, (bytes) => bytes);
      throw new Error('stop');
    }).toThrow('stop');
    expect([...lent]).toEqual([0, 0]);
  });

  it('keeps its bytes outside the moving heap', () => {
    const lent = SecretBytes.random(16).open(secretAccess, (bytes) => bytes);
    expect(lent.buffer.byteLength).toBe(16);
    expect(lent).not.toBeInstanceOf(Buffer);
  });

  it('equals is equality of content', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 40 }), (a, b) => {
        const left = SecretBytes.take(a.slice());
        const right = SecretBytes.take(b.slice());
        expect(left.equals(right)).toBe(Buffer.compare(a, b) === 0);
        expect(left.equals(SecretBytes.take(a.slice()))).toBe(true);
      }),
    );
  });

  it('refuses impossible lengths and text without a UTF-8 form', () => {
    expect(() => SecretBytes.random(-1)).toThrow(expect.objectContaining({ code: 'CRYPTO_MALFORMED' }));
    expect(() => SecretBytes.random(1.5)).toThrow(expect.objectContaining({ code: 'CRYPTO_MALFORMED' }));
    expect(() => SecretBytes.random(2 ** 30)).toThrow(expect.objectContaining({ code: 'CRYPTO_LIMIT' }));
    expect(() => SecretBytes.fromUtf8('\ud800')).toThrow(expect.objectContaining({ code: 'CRYPTO_MALFORMED' }));
  });

  it('is frozen, so nobody hangs the bytes on it', () => {
    const secret = SecretBytes.random(4);
    expect(() => Object.assign(secret, { leak: 1 })).toThrow(TypeError);
    expect(() => Object.assign(secret, { toJSON: () => 'x' })).toThrow(TypeError);
  });
});
