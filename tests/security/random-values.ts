/**
 * `node random-values.ts`: prints what this process and two threads of it draw, as JSON lines of kind and value, all
 * begun at the same moment. Run by the test of attack 11, which looks for a value that came twice.
 */
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import {
  aeadSeal,
  aeadSuites,
  gcmSeal,
  generateRecipient,
  generateSigningKey,
  hpkeSeal,
  randomBytes,
  SecretBytes,
  seal,
  secretAccess,
} from '../../packages/crypto/src/index.ts';
import { newDataKey } from '../../packages/envelope/src/data-key.ts';
import { readEnvelopeHeader, sealEnvelope } from '../../packages/envelope/src/index.ts';

export type Drawn = readonly [kind: string, value: string];

const rounds = 300;
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
/** The secrets are made for this test and protect nothing. */
const revealed = (secret: SecretBytes): string => secret.open(secretAccess, hex);

async function draw(): Promise<Drawn[]> {
  const drawn: Drawn[] = [];
  // One key for all: with it a nonce that comes twice is a broken key.
  const key = SecretBytes.take(new Uint8Array(32).fill(1));
  const [aad, plaintext] = [new Uint8Array(1), new Uint8Array(1)];
  const recipient = generateRecipient();
  drawn.push(['recipient key', revealed(recipient.privateKey)]);
  const facts = { tenant: '019a0000-0000-7000-8000-00000000000a', purpose: 'token', context: {} } as const;
  const options = {
    facts: { ...facts, contentType: 'a/b', createdAt: 0 },
    segmentBytes: 64,
    profile: 'standard',
  } as const;
  for (let round = 0; round < rounds; round += 1) {
    drawn.push(['nonce', hex(gcmSeal({ key, aad, plaintext }).nonce)]);
    drawn.push(['nonce', hex(seal({ key, context: { tenant: 'a', purpose: 'b' }, plaintext }).bytes.subarray(0, 12))]);
    for (const suite of aeadSuites) drawn.push(['nonce', hex(aeadSeal({ suite, key, aad, plaintext }).nonce)]);
    drawn.push(['data key', revealed(newDataKey())]);
    drawn.push(['random bytes', hex(randomBytes(16))]);
    if (round % 10 > 0) continue;
    const { publicKey } = recipient;
    drawn.push(['encapsulation', hex(hpkeSeal({ suite: recipient.suite, publicKey, info: aad, aad, plaintext }).enc)]);
    drawn.push(['signing key', revealed(generateSigningKey('Ed25519').privateKey)]);
    const to = { recipients: [{ ...recipient, keyId: 'k', keyVersion: 1 }] };
    const pieces: Uint8Array[] = [];
    for await (const piece of sealEnvelope([plaintext], { to, ...options })) pieces.push(piece);
    const bytes = new Uint8Array(Buffer.concat(pieces));
    const { core, headerBytes, recipients } = await readEnvelopeHeader([bytes]);
    drawn.push(['object id', hex(core.objectId)]);
    drawn.push(['stream salt', hex(bytes.subarray(headerBytes + 10, headerBytes + 42))]);
    for (const entry of recipients) if (entry.type === 'hpke') drawn.push(['encapsulation', hex(entry.enc)]);
  }
  return drawn;
}

if (isMainThread) {
  const threads = [1, 2].map(
    () =>
      new Promise<Drawn[]>((resolve, reject) => {
        const worker = new Worker(new URL(import.meta.url));
        worker.once('message', resolve);
        worker.once('error', reject);
      }),
  );
  const all = await Promise.all([draw(), ...threads]);
  for (const one of all.flat()) console.log(JSON.stringify(one));
} else {
  parentPort?.postMessage(await draw());
}
