import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { MessageChannel } from 'node:worker_threads';
import { generateSigningKey, importRecipient, KeyPool, SecretBytes } from '@quantumvault/crypto';
import { describe, expect, it } from 'vitest';
import type { Drawn } from './random-values.ts';

// Attack 11: two processes or threads that begin alike must not draw alike, and no secret may be in two of them.

/** Makes the generator of JavaScript begin the same everywhere; ours must not care. */
const sameSeed = '--random-seed=42';

async function drawnByProcess(): Promise<readonly Drawn[]> {
  const script = join(import.meta.dirname, 'random-values.ts');
  const child = spawn(process.execPath, ['--conditions=source', sameSeed, script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = (await text(child.stdout)).trim().split('\n');
  return lines.map((line) => JSON.parse(line));
}

describe('attack 11: nonces, data keys, salts and key pairs', () => {
  it('never come twice, in three processes of three threads each that begin alike', async () => {
    // The control: with this flag two processes do draw the same from the generator that nothing of ours uses.
    const [one, two] = [1, 2].map(() =>
      spawnSync(process.execPath, [sameSeed, '-p', 'Math.random()']).stdout.toString(),
    );
    expect(one).toMatch(/^0\.\d+/);
    expect(one).toBe(two);

    const drawn = (await Promise.all([drawnByProcess(), drawnByProcess(), drawnByProcess()])).flat();
    const counts = new Map<string, number>();
    const seen = new Set<string>();
    for (const [kind, value] of drawn) {
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      // Also across kinds: a nonce must not be a piece of a key.
      expect(seen.has(value), `a ${kind} came twice`).toBe(false);
      seen.add(value);
    }
    expect(counts.get('nonce')).toBe(9 * 300 * 5);
    expect(counts.get('data key')).toBe(9 * 300);
    expect(counts.get('object id')).toBe(9 * 30);
    console.log(
      `attack 11: ${seen.size} values, all different (${[...counts].map((entry) => entry.join(' ')).join(', ')})`,
    );
  }, 120_000);
});

describe('attack 11: what holds a secret', () => {
  const secret = SecretBytes.random(32);
  const { privateKey } = generateSigningKey('Ed25519');
  it.each([
    ['secret bytes', secret],
    ['a signing key', privateKey],
    ['a pool of keys', new KeyPool({ sizes: new Map([['Ed25519', 1]]) })],
  ])('%s cannot be handed to another thread', (_, value) => {
    const { port1, port2 } = new MessageChannel();
    try {
      expect(() => port1.postMessage(value)).toThrow(expect.objectContaining({ name: 'DataCloneError' }));
      expect(() => structuredClone(value)).toThrow(expect.objectContaining({ name: 'DataCloneError' }));
    } finally {
      port1.close();
      port2.close();
    }
  });

  it('the copy of a recipient key is its public half', () => {
    const key = importRecipient(SecretBytes.random(32));
    expect(structuredClone(key)).toEqual({ suite: key.suite, publicKey: key.publicKey });
  });
});
