// Makes recipients.json of docs/spec/qv1.md anew: node --conditions=source packages/envelope/test/make-recipient-vectors.ts > FILE
import { hpkeSuiteCategory5, SecretBytes } from '@quantumvault/crypto';
import { MemoryKeyWrapper } from '@quantumvault/ports';
import type { EnvelopeErrorKind } from '../src/errors.ts';
import { frameHeader } from '../src/header/header.ts';
import { encodeRecipients, type RecipientInfo } from '../src/header/recipients.ts';
import { readEnvelopeHeader } from '../src/open.ts';
import type { KekRecipient } from '../src/recipients/kek.ts';
import { type SealTo, sealEnvelope } from '../src/seal.ts';
import { formatKeyFile, generateKey } from '../src/text/key-text.ts';
import { collect, expected, facts, segmentBytes, sha512Of } from './samples.ts';

const utf8 = new TextEncoder();
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const content = utf8.encode('Seventy bytes of plaintext, which fill two segments and begin a third.');

const keys: Record<string, string> = {};
function makeKey(name: string, ...suite: Parameters<typeof generateKey>) {
  const generated = generateKey(...suite);
  const file = new TextDecoder().decode(formatKeyFile(generated, '2026-11-24T12:00:00Z'));
  keys[name] = file.trim().split('\n').at(-1) ?? '';
  return generated.recipient;
}
const alice = makeKey('alice');
const dave = makeKey('dave', hpkeSuiteCategory5);

const keks: Record<string, string> = {};
const wrapper = new MemoryKeyWrapper();
function makeKek(keyId: string, keyVersion: number): KekRecipient {
  const bytes = sha512Of(utf8.encode(`QV1 vectors ${keyVersion} ${keyId}`)).slice(0, 32);
  keks[`${keyVersion} ${keyId}`] = base64(bytes);
  wrapper.add(keyId, keyVersion, SecretBytes.take(bytes));
  return { type: 'kek', keyId, keyVersion, wrapper };
}
const alpha = makeKek('alpha', 1);
const newer = makeKek('alpha', 2);
const beta = makeKek('beta', 1);
/** One that no reader has. */
wrapper.add('gamma', 1);
const gamma: KekRecipient = { type: 'kek', keyId: 'gamma', keyVersion: 1, wrapper };

const cases: object[] = [];
function add(name: string, requirement: string, envelope: Uint8Array, failure?: EnvelopeErrorKind, key?: string): void {
  const end = failure === undefined ? { content: base64(content) } : { failure, released: '' };
  const opener = key === undefined ? {} : { key };
  cases.push({ name, requirement, ...opener, profile: 'standard', expected, ...end, envelope: base64(envelope) });
}
const seal = (to: SealTo) => collect(sealEnvelope([content], { to, facts, segmentBytes, profile: 'standard' }));
async function changed(bytes: Uint8Array, change: (list: readonly RecipientInfo[]) => readonly RecipientInfo[]) {
  const { coreBytes, recipients, recipientsTag, headerBytes } = await readEnvelopeHeader([bytes]);
  const list = encodeRecipients(change(recipients));
  return new Uint8Array(Buffer.concat([...frameHeader(coreBytes, list, recipientsTag), bytes.subarray(headerBytes)]));
}

const wrapAead = 'ChaCha20-Poly1305';
const chacha = await seal({ recipients: [alice], wrapAead });
add('X-Wing with ChaCha20-Poly1305', 'QV1-41', chacha, undefined, 'alice');
add('MLKEM1024-P384 with ChaCha20-Poly1305', 'QV1-41', await seal({ recipients: [dave], wrapAead }), undefined, 'dave');
const renamed = (suite: string) => (list: readonly RecipientInfo[]) =>
  list.map((each) => (each.type === 'hpke' ? { ...each, suite } : each));
const failed = 'AUTHENTICATION_FAILED';
add('the other AEAD named', 'QV1-41', await changed(chacha, renamed(alice.suite)), failed, 'alice');
const aes = await seal({ recipients: [alice] });
const toChacha = renamed('HPKE-X-WING-HKDF-SHA256-CHACHA20-POLY1305');
add('ChaCha20-Poly1305 named for AES-256-GCM', 'QV1-41', await changed(aes, toChacha), failed, 'alice');
const toOtherKem = renamed('HPKE-MLKEM1024-P384-HKDF-SHA384-CHACHA20-POLY1305');
add('a known suite of another KEM', 'QV1-42', await changed(chacha, toOtherKem), failed, 'alice');

const good = await seal({ recipients: [alpha] });
add('a key of a backend', 'QV1-48', good);
add('a newer version of the key', 'QV1-48', await seal({ recipients: [newer] }));
const several = await seal({ recipients: [gamma, dave, beta, alpha] });
add('the second of two keys of backends, beside a person', 'QV1-42', several);
add('the person beside keys of backends', 'QV1-42', await seal({ recipients: [gamma, alice] }), undefined, 'alice');
add('no key that the reader has', 'QV1-49', await seal({ recipients: [gamma] }), 'KEY_NOT_FOUND');
const forge = async (name: string, change: object) =>
  add(name, 'QV1-48', await changed(good, (list) => list.map((each) => ({ ...each, ...change }))), failed);
await forge('the version changed', { keyVersion: 2 });
await forge('the key changed', { keyId: 'beta' });
const [first] = (await readEnvelopeHeader([good])).recipients;
if (first?.type !== 'kek') throw new Error('the sample has another recipient');
const flipped = first.wrapped.with(20, (first.wrapped[20] ?? 0) ^ 1);
await forge('the wrapped key changed', { wrapped: flipped });
await forge('the wrapped key cut', { wrapped: first.wrapped.subarray(1) });
const [foreign] = (await readEnvelopeHeader([await seal({ recipients: [alpha] })])).recipients;
if (foreign?.type !== 'kek') throw new Error('the sample has another recipient');
await forge('the wrapped key of another envelope', { wrapped: foreign.wrapped });
const doubled = (list: readonly RecipientInfo[]) => [...list, { ...first, keyId: 'beta' }];
add('a recipient added', 'QV1-22', await changed(good, doubled), failed);

console.log(JSON.stringify({ keys, keks, cases }, null, 1));
