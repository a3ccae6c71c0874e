// The test kit of age (C2SP/CCTV): a file each, with what must become of it in front.
import { createHash } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import {
  AgeError,
  type AgeErrorCode,
  type AgeIdentity,
  openAge,
  parseAgeIdentityFile,
  passphraseIdentity,
} from '@quantumvault/age';
import { SecretBytes } from '@quantumvault/crypto';
import type { VectorSource } from '../source.ts';
import { Skip } from '../tally.ts';
import { unpackedMax } from '../unpack.ts';
import type { VectorFile } from '../vector-file.ts';

const outcomes = {
  success: [],
  'no match': ['AGE_NO_MATCH'],
  'HMAC failure': ['AGE_HEADER_FORGED'],
  'header failure': ['AGE_HEADER_MALFORMED', 'AGE_VERSION_UNSUPPORTED', 'AGE_LIMIT'],
  'payload failure': ['AGE_PAYLOAD_INVALID'],
  'armor failure': ['AGE_ARMOR_MALFORMED'],
} as const satisfies Readonly<Record<string, readonly AgeErrorCode[]>>;

const knownKeys: ReadonlySet<string> = new Set([
  'expect',
  'compressed',
  'payload',
  'identity',
  'passphrase',
  'armored',
  'file key',
  'comment',
]);

interface KitCase {
  readonly keys: readonly (readonly [name: string, value: string])[];
  readonly file: Uint8Array;
}

const headerBytesMax = 16_384;

/** The lines before the first empty one, and what follows it; undefined when the file has no such head. */
function readCase({ bytes }: VectorFile): KitCase | undefined {
  const end = Buffer.from(bytes.subarray(0, headerBytesMax)).indexOf('\n\n');
  if (end === -1) return undefined;
  const head = new TextDecoder().decode(bytes.subarray(0, end));
  const keys: [string, string][] = [];
  for (const line of head.split('\n')) {
    const at = line.indexOf(': ');
    if (at < 1) return undefined;
    keys.push([line.slice(0, at), line.slice(at + 2)]);
  }
  return { keys, file: bytes.subarray(end + 2) };
}

const valuesOf = ({ keys }: KitCase, name: string): readonly string[] =>
  keys.filter(([key]) => key === name).map(([, value]) => value);

function identitiesOf(kitCase: KitCase): readonly AgeIdentity[] {
  const lines = valuesOf(kitCase, 'identity').join('\n');
  const keys = lines === '' ? [] : parseAgeIdentityFile(new TextEncoder().encode(lines));
  return [...keys, ...valuesOf(kitCase, 'passphrase').map((text) => passphraseIdentity(SecretBytes.fromUtf8(text)))];
}

async function isAsExpected(kitCase: KitCase): Promise<boolean> {
  const [expected = ''] = valuesOf(kitCase, 'expect');
  const codes = Object.entries(outcomes).find(([name]) => name === expected)?.[1];
  if (codes === undefined) throw new Skip(`the kit expects an outcome that is not known: ${expected}`);
  const [compressed] = valuesOf(kitCase, 'compressed');
  if (compressed !== undefined && compressed !== 'zlib') throw new Skip('the compression is not known');
  const file = compressed === undefined ? kitCase.file : inflateSync(kitCase.file, { maxOutputLength: unpackedMax });
  const form = valuesOf(kitCase, 'armored').includes('yes') ? 'armored' : 'binary';
  const released = createHash('sha256');
  let code: AgeErrorCode | undefined;
  try {
    for await (const chunk of openAge([file], { identities: identitiesOf(kitCase), form })) released.update(chunk);
  } catch (error) {
    if (!(error instanceof AgeError)) throw error;
    code = error.code;
  }
  const [payload] = valuesOf(kitCase, 'payload');
  // What came out before a failure must also be what the kit says.
  const isReleased = payload === undefined || released.digest('hex') === payload;
  const isOutcome = code === undefined ? expected === 'success' : codes.some((known) => known === code);
  return isReleased && isOutcome;
}

export const age: VectorSource = {
  source: 'cctv',
  recognize: (file) => {
    const kitCase = readCase(file);
    return kitCase !== undefined && valuesOf(kitCase, 'expect').length === 1 ? 'vectors' : undefined;
  },
  async run(file, tally) {
    await tally.run(file.name, async () => {
      const kitCase = readCase(file);
      if (kitCase === undefined) return false;
      // The kit asks for this: a file of a later kit may say what this reader does not understand.
      const unknown = kitCase.keys.find(([name]) => !knownKeys.has(name));
      if (unknown !== undefined) throw new Skip(`the kit has a key that is not known: ${unknown[0]}`);
      return isAsExpected(kitCase);
    });
  },
};
