// Vectors of drafts and of formats: KEMs, HPKE, FLOE and Merkle proofs.
import {
  floeOpen,
  hpkeOpen,
  hpkeSuite,
  hpkeSuiteCategory5,
  hpkeSuiteCnsa,
  importKemKey,
  kemEncapsulateTo,
  SecretBytes,
  secretAccess,
} from '@quantumvault/crypto';
import { verifyConsistency, verifyInclusion } from '@quantumvault/tlog';
import { base64At, fromBase64, fromHex, hexAt, type Json, numberAt, objectsAt, same } from './json.ts';
import { Skip, type Tally } from './tally.ts';

const kemOfPublicKey: Readonly<Record<number, string>> = {
  1216: 'X-Wing',
  1249: 'MLKEM768-P256',
  1665: 'MLKEM1024-P384',
};

/** Hybrid KEMs: a seed, its public key, and a ciphertext with its secret. They are told apart by their lengths. */
export async function runHybridKems(cases: readonly Json[], tally: Tally): Promise<void> {
  for (const [index, test] of cases.entries()) {
    await tally.run(index, () => {
      const publicKey = hexAt(test, 'pk');
      const name = kemOfPublicKey[publicKey.length];
      if (name === undefined) throw new Skip('the KEM is not offered');
      const key = importKemKey(name, SecretBytes.take(hexAt(test, 'sk')));
      const { enc, sharedSecret } = kemEncapsulateTo(name, publicKey);
      return (
        same(key.publicKey, publicKey) &&
        key.decapsulate(hexAt(test, 'ct')).open(secretAccess, (secret) => same(secret, hexAt(test, 'ss'))) &&
        key.decapsulate(enc).equals(sharedSecret)
      );
    });
  }
}

const suiteOfIds: Readonly<Record<string, string>> = {
  '25722 1 2': hpkeSuite,
  '66 2 2': hpkeSuiteCnsa,
  '81 2 2': hpkeSuiteCategory5,
};

/** HPKE in base mode. Only the first message of each context is opened: the interface is the single shot. */
export async function runHpke(cases: readonly Json[], tally: Tally): Promise<void> {
  for (const [index, test] of cases.entries()) {
    const ids = `${String(test.kem_id)} ${String(test.kdf_id)} ${String(test.aead_id)}`;
    const suite = suiteOfIds[ids];
    const [first] = objectsAt(test, 'encryptions');
    if (suite === undefined || test.mode !== 0 || first === undefined) {
      tally.skip(`the HPKE suite of KEM, KDF and AEAD ${ids} is not offered`);
      continue;
    }
    await tally.run(index, () => {
      using privateKey = SecretBytes.take(hexAt(test, 'skRm'));
      const input = { suite, privateKey, enc: hexAt(test, 'enc'), info: hexAt(test, 'info') };
      return same(hpkeOpen({ ...input, aad: hexAt(first, 'aad'), ciphertext: hexAt(first, 'ct') }), hexAt(first, 'pt'));
    });
  }
}

/** FLOE: the key is zero, the additional data a fixed text, and the segment size stands in the header. */
export async function runFloe(name: string, ciphertext: string, plaintext: string, tally: Tally): Promise<void> {
  await tally.run(name, async () => {
    const stream = fromHex(ciphertext.trim());
    using key = SecretBytes.take(new Uint8Array(32));
    const segmentBytes = new DataView(stream.buffer, stream.byteOffset, stream.byteLength).getUint32(2);
    const rotation = name.includes('rotation') ? { rotationBits: 2 } : {};
    const opened: Uint8Array[] = [];
    const input = { key, aad: new TextEncoder().encode('This is AAD'), segmentBytes, ...rotation };
    for await (const part of floeOpen(input, [stream])) opened.push(part);
    return same(Buffer.concat(opened), fromHex(plaintext.trim()));
  });
}

const hashBytes = 32;

function proofOf({ proof }: Json): Uint8Array[] {
  return Array.isArray(proof) ? proof.map((hash) => fromBase64(String(hash))) : [];
}

/** RFC 6962 proofs, good and bad. */
export async function runMerkle(test: Json, tally: Tally): Promise<void> {
  await tally.run(String(test.desc ?? 'proof'), () => {
    const accepted = 'leafIdx' in test ? acceptsInclusion(test) : acceptsConsistency(test);
    return accepted !== (test.wantErr === true);
  });
}

function acceptsInclusion(test: Json): boolean {
  const [index, size] = [BigInt(numberAt(test, 'leafIdx')), BigInt(numberAt(test, 'treeSize'))];
  return verifyInclusion({
    index,
    size,
    leafHash: base64At(test, 'leafHash'),
    root: base64At(test, 'root'),
    proof: proofOf(test),
  });
}

function acceptsConsistency(test: Json): boolean {
  const [root1, root2] = [base64At(test, 'root1'), base64At(test, 'root2')];
  if (test.wantErr !== true && root1.length !== hashBytes) throw new Skip('a root that is no hash is refused here');
  const [size1, size2] = [BigInt(numberAt(test, 'size1')), BigInt(numberAt(test, 'size2'))];
  return verifyConsistency({ size1, size2, root1, root2, proof: proofOf(test) });
}
