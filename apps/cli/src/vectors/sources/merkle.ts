import { verifyConsistency, verifyInclusion } from '@quantumvault/tlog';
import { base64At, fromBase64, isObject, type Json, numberAt } from '../json.ts';
import type { VectorSource } from '../source.ts';
import { Skip } from '../tally.ts';

const hashBytes = 32;

function proofOf({ proof }: Json): Uint8Array[] {
  return Array.isArray(proof) ? proof.map((hash) => fromBase64(String(hash))) : [];
}

function acceptsInclusion(test: Json): boolean {
  const [index, size] = [BigInt(numberAt(test, 'leafIdx')), BigInt(numberAt(test, 'treeSize'))];
  const [leafHash, root] = [base64At(test, 'leafHash'), base64At(test, 'root')];
  return verifyInclusion({ index, size, leafHash, root, proof: proofOf(test) });
}

function acceptsConsistency(test: Json): boolean {
  const [root1, root2] = [base64At(test, 'root1'), base64At(test, 'root2')];
  if (test.wantErr !== true && root1.length !== hashBytes) throw new Skip('a root that is no hash is refused here');
  const [size1, size2] = [BigInt(numberAt(test, 'size1')), BigInt(numberAt(test, 'size2'))];
  return verifyConsistency({ size1, size2, root1, root2, proof: proofOf(test) });
}

/** RFC 6962 proofs, good and bad; one file is one case. */
export const merkle: VectorSource = {
  source: 'merkle',
  recognize: ({ json }) =>
    isObject(json) && 'wantErr' in json && ('leafIdx' in json || 'size1' in json) ? 'vectors' : undefined,
  async run({ json }, tally) {
    if (!isObject(json)) return;
    await tally.run(String(json.desc ?? 'proof'), () => {
      const isAccepted = 'leafIdx' in json ? acceptsInclusion(json) : acceptsConsistency(json);
      return isAccepted !== (json.wantErr === true);
    });
  },
};
