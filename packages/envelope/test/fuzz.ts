// Mutates good inputs of each parser and holds it to its promises: an error of this package or the very same content, and
// nothing released that is not a beginning of the content. `node --conditions=source packages/envelope/test/fuzz.ts COUNT
// [SEED]` runs COUNT executions of each; the test beside it runs fewer with a fixed seed. Not guided by coverage.
import { pathToFileURL } from 'node:url';
import { EnvelopeError } from '../src/errors.ts';
import { decodeCore, encodeCore } from '../src/header/core.ts';
import { decodeRecipients, encodeRecipients } from '../src/header/recipients.ts';
import { readEnvelopeHeader } from '../src/open.ts';
import { formatKeyFile, formatRecipient, generateKey, parseKeyFile, parseRecipient } from '../src/text/key-text.ts';
import { expected, keyPair, outcome, plaintext, sealed } from './samples.ts';

/** A small generator (mulberry32), so that a failure can be repeated from its seed. */
function generator(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const telling = [0x00, 0x01, 0x17, 0x18, 0x1b, 0x40, 0x5f, 0x60, 0x7f, 0x80, 0x9f, 0xa0, 0xbf, 0xf6, 0xff];
const join = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

/** One to four changes: bits, telling bytes, lengths, and pieces that go, come twice, or change places. */
export function mutate(bytes: Uint8Array, next: (below: number) => number): Uint8Array {
  let out: Uint8Array = bytes.slice();
  for (let change = 1 + next(4); change > 0 && out.length > 0; change -= 1) {
    const at = next(out.length);
    const end = Math.min(out.length, at + 1 + next(64));
    const [before, piece, after] = [out.subarray(0, at), out.subarray(at, end), out.subarray(end)];
    const kind = next(7);
    if (kind === 0) out[at] = (out[at] ?? 0) ^ (1 << next(8));
    else if (kind === 1) out[at] = telling[next(telling.length)] ?? 0;
    else if (kind === 2) out[at] = next(256);
    else if (kind === 3) out = join(before, after);
    else if (kind === 4) out = join(before, piece, piece, after);
    else if (kind === 5) out = out.slice(0, at);
    else out = join(after, piece, before);
  }
  return out;
}

/** Undefined for an error of this package; every other error is a finding. */
function unlessRefused<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof EnvelopeError) return undefined;
    throw error;
  }
}

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

interface Target {
  readonly name: string;
  readonly samples: readonly Uint8Array[];
  /** True when the parser kept its promise. */
  check(bytes: Uint8Array): boolean | Promise<boolean>;
}

async function targets(): Promise<readonly Target[]> {
  const [alice, bob] = [keyPair(), keyPair()];
  const envelopes = [
    await sealed({ recipients: [alice.recipient] }),
    await sealed({ recipients: [bob.recipient, alice.recipient] }),
  ];
  const headers = await Promise.all(envelopes.map((bytes) => readEnvelopeHeader([bytes])));
  const generated = generateKey();
  const ascii = new TextEncoder();
  return [
    {
      name: 'core',
      samples: headers.map(({ coreBytes }) => coreBytes),
      check(bytes) {
        const core = unlessRefused(() => decodeCore(bytes));
        // Fields for information alone are not kept; without them there is one encoding.
        return core === undefined || same(encodeCore(core), bytes) || Buffer.from(bytes).includes('x-');
      },
    },
    {
      name: 'recipients',
      samples: headers.map(({ recipientsBytes }) => recipientsBytes),
      check(bytes) {
        const list = unlessRefused(() => decodeRecipients(bytes));
        return list === undefined || same(encodeRecipients(list), bytes);
      },
    },
    {
      name: 'recipient text',
      samples: [ascii.encode(formatRecipient(generated.recipient))],
      check(bytes) {
        const text = new TextDecoder('latin1').decode(bytes);
        const recipient = unlessRefused(() => parseRecipient(text));
        return recipient === undefined || formatRecipient(recipient) === text.toLowerCase();
      },
    },
    {
      name: 'key file',
      samples: [formatKeyFile(generated, '2026-11-24T12:00:00Z')],
      check(bytes) {
        const keys = unlessRefused(() => parseKeyFile(bytes));
        return keys === undefined || keys.every(({ keyId }) => keyId === generated.recipient.keyId);
      },
    },
    {
      name: 'envelope',
      samples: envelopes,
      async check(bytes) {
        const { released, kind } = await outcome(bytes, { keys: [alice.opening], expected });
        const isBeginning = same(released, plaintext.subarray(0, released.length));
        return isBeginning && (kind !== undefined || envelopes.some((good) => same(good, bytes)));
      },
    },
  ];
}

export interface Fuzzed {
  readonly name: string;
  readonly executions: number;
  readonly finding: string | undefined;
}

/** Runs every target; a finding names the seed and the input. */
export async function fuzz(executions: number, seed: number): Promise<readonly Fuzzed[]> {
  const results: Fuzzed[] = [];
  for (const { name, samples, check } of await targets()) {
    const next = generator(seed);
    let finding: string | undefined;
    let done = 0;
    for (; done < executions && finding === undefined; done += 1) {
      const bytes = mutate(samples[next(samples.length)] ?? new Uint8Array(0), next);
      let isKept = false;
      let reason = 'promise broken';
      try {
        isKept = await check(bytes);
      } catch (error) {
        reason = error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error';
      }
      if (!isKept) finding = `seed ${seed}, ${reason}: ${Buffer.from(bytes).toString('hex')}`;
    }
    results.push({ name, executions: done, finding });
  }
  return results;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [count = '100000', seed = '1'] = process.argv.slice(2);
  for (const { name, executions, finding } of await fuzz(Number(count), Number(seed))) {
    console.log(`${name}: ${executions} executions, ${finding ?? 'no finding'}`);
    if (finding !== undefined) process.exitCode = 1;
  }
}
