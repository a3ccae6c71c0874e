import { floeSeal, type SecretBytes } from '@quantumvault/crypto';
import { expect, it } from 'vitest';
import { collect, expected, facts, keyPair, outcome, plaintext, segmentBytes } from '../test/samples.ts';
import { bodyKey, newDataKey, recipientsTag } from './data-key.ts';
import { encodeCore } from './header/core.ts';
import { frameHeader, hashCore } from './header/header.ts';
import { encodeRecipients } from './header/recipients.ts';
import { wrapToRecipient } from './recipients/hpke.ts';

// A sender who knows all keys wants one file to say one thing to Alice and another to Bob: each wrap is genuine, and they
// hold two data keys. Whatever it combines, at most one of them opens anything.

const [alice, bob] = [keyPair(), keyPair()];
const named = { suite: 'FLOE-AES-256-GCM-SHA-384', objectId: new Uint8Array(16), signer: null } as const;
const core = encodeCore({ ...facts, ...named, segmentBytes });
const coreHash = hashCore(core);

interface Keys {
  readonly wrapped: readonly [SecretBytes, SecretBytes];
  readonly ofTag: SecretBytes;
  readonly ofBody: SecretBytes;
}

async function twoFaced({ wrapped: [forAlice, forBob], ofTag, ofBody }: Keys): Promise<Uint8Array> {
  const recipients = encodeRecipients([
    wrapToRecipient(forAlice, coreHash, alice.recipient),
    wrapToRecipient(forBob, coreHash, bob.recipient),
  ]);
  const sealed = floeSeal({ key: bodyKey(ofBody, coreHash), aad: coreHash, segmentBytes }, [plaintext]);
  const header = frameHeader(core, recipients, recipientsTag(ofTag, coreHash, recipients));
  return new Uint8Array(Buffer.concat([...header, await collect(sealed)]));
}

it.each([
  ['tag and body of the first key', 0, 0, ['none', 'AUTHENTICATION_FAILED']],
  ['tag and body of the second key', 1, 1, ['AUTHENTICATION_FAILED', 'none']],
  ['the tag of one and the body of the other', 0, 1, ['AUTHENTICATION_FAILED', 'AUTHENTICATION_FAILED']],
  ['the body of one and the tag of the other', 1, 0, ['AUTHENTICATION_FAILED', 'AUTHENTICATION_FAILED']],
] as const)('attack 9: an envelope commits to one data key: %s', async (_, ofTag, ofBody, ends) => {
  const keys = [newDataKey(), newDataKey()] as const;
  const bytes = await twoFaced({ wrapped: keys, ofTag: keys[ofTag], ofBody: keys[ofBody] });
  for (const [index, { opening }] of [alice, bob].entries()) {
    const { released, kind } = await outcome(bytes, { keys: [opening], expected });
    expect([kind ?? 'none', released.length]).toEqual([ends[index], ends[index] === 'none' ? plaintext.length : 0]);
  }
});
