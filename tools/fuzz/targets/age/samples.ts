/** Files of age for fixed keys, which protect nothing: with them the kept seeds of earlier runs still open. */

import {
  type AgeIdentity,
  type AgeRecipient,
  parseAgeIdentityFile,
  parseAgeRecipient,
  sealAge,
} from '../../../../packages/age/src/index.ts';
import { hybridPublicKey } from '../../../../packages/age/src/recipients/hybrid.ts';
import { x25519PublicKey } from '../../../../packages/age/src/recipients/x25519.ts';
import { encodeBech32 } from '../../../../packages/bech32/src/index.ts';
import { SecretBytes } from '../../../../packages/crypto/src/index.ts';
import { content } from '../qv1/samples.ts';

const ascii = new TextDecoder();

interface SampleKey {
  readonly recipientText: string;
  readonly recipient: AgeRecipient;
  readonly identityText: string;
  readonly identity: AgeIdentity;
}

function key(seed: number, forms: { readonly recipient: string; readonly identity: string }): SampleKey {
  const secret = () => SecretBytes.take(new Uint8Array(32).fill(seed));
  const publicKey = forms.recipient === 'age' ? x25519PublicKey(secret()) : hybridPublicKey(secret());
  const recipientText = ascii.decode(encodeBech32('bech32', forms.recipient, publicKey));
  const identityText = ascii
    .decode(encodeBech32('bech32', forms.identity, new Uint8Array(32).fill(seed)))
    .toUpperCase();
  const [identity] = parseAgeIdentityFile(new TextEncoder().encode(identityText));
  if (identity === undefined) throw new Error('the identity file has no identity');
  return { recipientText, recipient: parseAgeRecipient(recipientText), identityText, identity };
}

export const x25519Key = key(5, { recipient: 'age', identity: 'age-secret-key-' });
export const hybridKey = key(6, { recipient: 'age1pq', identity: 'age-secret-key-pq-' });

async function sealed(recipients: readonly AgeRecipient[], isArmored: boolean, length: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of sealAge([content.subarray(0, length)], { to: { recipients }, isArmored }))
    pieces.push(piece);
  return new Uint8Array(Buffer.concat(pieces));
}

/** Binary and armored, for either key. */
export function sampleFiles(): Promise<Uint8Array[]> {
  return Promise.all([
    sealed([x25519Key.recipient], false, 70),
    sealed([x25519Key.recipient, x25519Key.recipient], true, 70),
    sealed([hybridKey.recipient], false, 0),
    sealed([hybridKey.recipient], true, 300),
  ]);
}
