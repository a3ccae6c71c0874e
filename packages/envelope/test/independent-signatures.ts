// Signatures for the independent reader (section 12 of docs/spec/qv1.md), from the page and with the noble libraries alone.
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { ml_dsa65 } from '@noble/post-quantum/ml-dsa.js';
import { cborOf, Failure, need, readCbor, type Value } from './independent-forms.ts';

type Bytes = Uint8Array;
/** `unchecked`, signers as text, or nothing said. */
export type Demand = 'unchecked' | readonly string[] | undefined;
interface Signer {
  readonly name: string;
  readonly key: Bytes;
}

const ascii = (text: string): Bytes => new TextEncoder().encode(text);
const latin = (bytes: Bytes): string => Buffer.from(bytes).toString('latin1');
const cat = (...parts: readonly Bytes[]): Bytes => new Uint8Array(Buffer.concat(parts));
const u32 = (bytes: Bytes): number => Buffer.from(bytes).readUInt32BE(0);
const equal = (a: Bytes, b: Bytes): boolean => Buffer.compare(a, b) === 0;

/** Payload of Bech32m, its checksum taken for right. */
export function bech32mPayload(text: string): Bytes {
  const characters = [...text.slice(text.lastIndexOf('1') + 1, -6)];
  const values = characters.map((character) => 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'.indexOf(character));
  const bits = values.map((value) => value.toString(2).padStart(5, '0')).join('');
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
}
const edVerify = (key: Bytes, message: Bytes, signature: Bytes): boolean =>
  ed25519.verify(signature, message, key, { zip215: false });
/** draft-ietf-lamps-pq-composite-sigs with an empty context. */
function verifyComposite(key: Bytes, message: Bytes, signature: Bytes): boolean {
  const label = ascii('COMPSIG-MLDSA65-Ed25519-SHA512');
  const both = cat(ascii('CompositeAlgorithmSignatures2025'), label, Uint8Array.of(0), sha512(message));
  const isPostQuantum = ml_dsa65.verify(signature.subarray(0, 3309), both, key.subarray(0, 1952), { context: label });
  return isPostQuantum && edVerify(key.subarray(1952), both, signature.subarray(3309));
}
function verify({ name, key }: Signer, message: Bytes, signature: Bytes): boolean {
  try {
    if (name === 'Ed25519') return edVerify(key, message, signature);
    if (name === 'MLDSA65-Ed25519-SHA512') return verifyComposite(key, message, signature);
    return name === 'ML-DSA-65' && ml_dsa65.verify(signature, message, key);
  } catch {
    return false;
  }
}

function findSigner(fingerprint: Value | undefined, signers: readonly string[]): Signer {
  for (const text of signers) {
    const payload = bech32mPayload(text);
    const keyAt = 1 + (payload[0] ?? 0);
    const isIt = fingerprint instanceof Uint8Array && equal(sha256(cat(ascii('QV1 signer'), payload)), fingerprint);
    if (isIt) return { name: latin(payload.subarray(1, keyAt)), key: payload.slice(keyAt) };
  }
  throw new Failure('AUTHENTICATION_FAILED');
}

/** QV1-17 and QV1-87: the signer whose signature must be checked. */
export function expectedSigner(fingerprint: Value | undefined, demand: Demand): Signer | undefined {
  if (demand === undefined) need(fingerprint === null, 'UNSUPPORTED');
  return demand === undefined || demand === 'unchecked' ? undefined : findSigner(fingerprint, demand);
}

/** QV1-84 to QV1-87: a signature part and nothing behind it. */
export function checkSignaturePart(rest: Bytes, message: () => Bytes, signer: Signer | undefined): void {
  need(rest.length >= 4, 'TRUNCATED');
  const length = u32(rest);
  need(length <= 65536, 'AUTHENTICATION_FAILED');
  need(rest.length >= length + 8, 'TRUNCATED');
  need(rest.length === length + 8 && u32(rest.subarray(-4)) === length, 'AUTHENTICATION_FAILED');
  let part: Value;
  try {
    part = readCbor(rest.subarray(4, -4));
  } catch {
    throw new Failure('AUTHENTICATION_FAILED');
  }
  const [name, signature] = part instanceof Map && part.size === 2 ? [part.get('alg'), part.get('signature')] : [];
  need(typeof name === 'string' && signature instanceof Uint8Array, 'AUTHENTICATION_FAILED');
  if (signer === undefined) return;
  need(name === signer.name && verify(signer, message(), signature), 'AUTHENTICATION_FAILED');
}

/** QV1-86. */
export const envelopeMessage = (coreHash: Bytes, body: Bytes): Bytes => cat(ascii('QV1 sig'), coreHash, sha512(body));

export interface Place {
  readonly tenant: string;
  readonly purpose: string;
  readonly context: Readonly<Record<string, string>>;
}
/** Section 13: undefined when the signature is good, else the kind of failure. */
export function verifyDetached(bytes: Bytes, content: Bytes, signers: readonly string[], place: Place) {
  try {
    need(latin(bytes.subarray(0, 4)) === 'QVS1', 'MALFORMED');
    need(bytes.length >= 8, 'TRUNCATED');
    const end = 8 + u32(bytes.subarray(4));
    need(end <= 8 + 16384, 'LIMIT');
    need(bytes.length >= end, 'TRUNCATED');
    const facts = readCbor(bytes.subarray(8, end));
    need(facts instanceof Map, 'MALFORMED');
    const names = ['length', 'signer', 'tenant', 'context', 'created', 'purpose'];
    need([...facts.keys()].join() === names.join(), 'MALFORMED');
    const wanted = [place.tenant, place.purpose, new Map(Object.entries(place.context))];
    const said = ['tenant', 'purpose', 'context'].map((name) => facts.get(name) ?? null);
    need(equal(cborOf(said), cborOf(wanted)), 'CONTEXT_MISMATCH');
    const signer = findSigner(facts.get('signer'), signers);
    need(facts.get('length') === content.length, 'AUTHENTICATION_FAILED');
    const message = cat(ascii('QV1 detached'), bytes.subarray(4, end), sha512(content));
    checkSignaturePart(bytes.subarray(end), () => message, signer);
    return undefined;
  } catch (error) {
    if (error instanceof Failure) return error.message;
    throw error;
  }
}
