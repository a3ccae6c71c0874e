import { type FalconSet, falconGenerate, falconSelfTest, falconSign, falconVerify } from './falcon.ts';
import { type SlhDsaSet, slhDsaKeyFromSeed } from './slh-dsa-seed.ts';

/** What the thread for JavaScript cryptography is asked to do. Secret bytes are erased there once they were used. */
export type VettedTask =
  | { readonly kind: 'falcon-generate'; readonly set: FalconSet }
  | { readonly kind: 'falcon-sign'; readonly set: FalconSet; readonly secret: Uint8Array; readonly message: Uint8Array }
  | {
      readonly kind: 'falcon-verify';
      readonly set: FalconSet;
      readonly publicKey: Uint8Array;
      readonly message: Uint8Array;
      readonly signature: Uint8Array;
    }
  | { readonly kind: 'slh-dsa-key'; readonly set: SlhDsaSet; readonly secret: Uint8Array };

let isTested = false;

/** Does one task. The known answers of Falcon come before its first use. Throws when they are not what they should be. */
export function runTask(task: VettedTask): Uint8Array | boolean | undefined {
  if (task.kind === 'slh-dsa-key') return slhDsaKeyFromSeed(task.set, task.secret);
  if (!isTested && !falconSelfTest()) throw new Error('the known answers of Falcon are wrong');
  isTested = true;
  switch (task.kind) {
    case 'falcon-generate':
      return falconGenerate(task.set);
    case 'falcon-sign':
      return falconSign(task.set, task.secret, task.message);
    case 'falcon-verify':
      return falconVerify(task.set, task.publicKey, task.message, task.signature);
  }
}
