// Splitting a key among people (CRY-6): any `threshold` of its shares give it back, and fewer tell nothing about it.
//
// For uniform keys of 32 bytes alone. A share of a password would be as guessable as the password: split a random key, and
// encrypt what matters under it. Shamir's scheme notices nothing by itself: one wrong share silently gives a wrong key. So
// each share carries a commitment's opening, and combining refuses and names every share that does not fit its set.

import { CryptoError, need } from '../errors.ts';
import { constantTimeEqual, randomBytes } from '../hash.ts';
import { SecretBytes, secretAccess } from '../secret-bytes.ts';
import { vettedCombine, vettedSplit } from '../vetted/shamir.ts';
import { commitmentOf, epochMax, type SecretShare, type ShareSet, shareSizes, sharesMax } from './share.ts';
import { ShareError, type ShareFault, type ShareFaultReason } from './share-error.ts';

export interface SplitInput {
  readonly secret: SecretBytes;
  readonly shares: number;
  /** At least 2: one share that is the key itself is no sharing. */
  readonly threshold: number;
}

export interface SplitResult {
  readonly set: ShareSet;
  /** In the order of their index. The caller gives each to its holder and disposes of `value`. */
  readonly shares: readonly SecretShare[];
}

function needCounts({ shares, threshold }: { readonly shares: number; readonly threshold: number }): void {
  const areWhole = Number.isSafeInteger(shares) && Number.isSafeInteger(threshold);
  need(areWhole && threshold >= 2, 'CRYPTO_LIMIT', 'a threshold is at least 2');
  need(shares >= threshold && shares <= sharesMax, 'CRYPTO_LIMIT', `shares number from the threshold to ${sharesMax}`);
}

// A uniform key is printable ASCII throughout less than once in 10^13 keys, and of few different bytes never: what is so was
// typed, or is no key.
function needUniformKey(secret: SecretBytes): void {
  need(
    secret.length === shareSizes.keyLength,
    'CRYPTO_KEY_INVALID',
    `only keys of ${shareSizes.keyLength} bytes are split`,
  );
  const looksTyped = secret.open(
    secretAccess,
    (bytes) => bytes.every((byte) => byte >= 0x20 && byte < 0x7f) || new Set(bytes).size < 8,
  );
  need(!looksTyped, 'CRYPTO_KEY_INVALID', 'only uniformly random keys are split, never passwords or texts');
}

async function splitInto(input: SplitInput, setId: Uint8Array, epoch: number): Promise<SplitResult> {
  const { secret, shares: count, threshold } = input;
  needCounts({ shares: count, threshold });
  needUniformKey(secret);
  // The caller may dispose its secret while the library works.
  const copy = secret.open(secretAccess, (bytes) => new Uint8Array(bytes));
  const values = await vettedSplit(copy, count, threshold);
  copy.fill(0);
  const shares = values.map((value, at): SecretShare => {
    const salt = randomBytes(shareSizes.salt);
    return { setId, index: at + 1, threshold, epoch, value: SecretBytes.take(value), salt };
  });
  return { set: { setId, epoch, threshold, commitments: shares.map(commitmentOf) }, shares };
}

/**
 * Splits `secret` into `shares` shares of which any `threshold` give it back. Throws CRYPTO_KEY_INVALID for what is no
 * uniform key of 32 bytes, and CRYPTO_LIMIT.
 */
export function splitSecret(input: SplitInput): Promise<SplitResult> {
  return splitInto(input, randomBytes(shareSizes.setId), 1);
}

/** `good` are the indexes of the shares before it that fit. */
function faultOf(set: ShareSet, share: SecretShare, good: ReadonlySet<number>): ShareFaultReason | undefined {
  const { setId, index, threshold, epoch } = share;
  if (!constantTimeEqual(setId, set.setId)) return 'foreign-set';
  if (epoch !== set.epoch) return 'other-epoch';
  const commitment = set.commitments[index - 1];
  if (threshold !== set.threshold || commitment === undefined) return 'wrong-facts';
  if (!constantTimeEqual(commitmentOf(share), commitment)) return 'corrupted';
  return good.has(index) ? 'repeated' : undefined;
}

function needSet({ setId, epoch, threshold, commitments }: ShareSet): void {
  needCounts({ shares: commitments.length, threshold });
  const isWhole = Number.isSafeInteger(epoch) && epoch >= 1 && epoch <= epochMax;
  const areSized = commitments.every(({ length }) => length === shareSizes.commitment);
  need(
    isWhole && areSized && setId.length === shareSizes.setId,
    'CRYPTO_MALFORMED',
    'the record of the set is not whole',
  );
}

/** The faults of the shares that were handed in; empty when all of them fit the set. */
export function checkShares(set: ShareSet, shares: readonly SecretShare[]): readonly ShareFault[] {
  needSet(set);
  need(shares.length <= sharesMax, 'CRYPTO_LIMIT', `at most ${sharesMax} shares are handed in`);
  const good = new Set<number>();
  const faults: ShareFault[] = [];
  for (const [position, share] of shares.entries()) {
    const reason = faultOf(set, share, good);
    if (reason === undefined) good.add(share.index);
    else faults.push({ position, index: share.index, reason });
  }
  return faults;
}

/**
 * The key of at least `threshold` genuine shares. Throws {@link ShareError} (CRYPTO_SHARE_INVALID) that names each share
 * which is corrupted, foreign, of another epoch or there twice, and CRYPTO_SHARES_MISSING when too few are there.
 */
export async function combineShares(set: ShareSet, shares: readonly SecretShare[]): Promise<SecretBytes> {
  const faults = checkShares(set, shares);
  if (faults.length > 0) throw new ShareError(faults);
  if (shares.length < set.threshold) {
    throw new CryptoError('CRYPTO_SHARES_MISSING', `${set.threshold} shares are needed; ${shares.length} are here`);
  }
  const values = shares.map(({ value }) => value.open(secretAccess, (bytes) => new Uint8Array(bytes)));
  try {
    return SecretBytes.take(await vettedCombine(values));
  } finally {
    for (const value of values) value.fill(0);
  }
}

export interface RefreshResult extends SplitResult {
  /** For the ceremony's record: this refresh is no proactive protocol among the holders. */
  readonly notice: string;
}

/**
 * New shares of the same key for the next epoch; the old ones no longer fit. The key exists whole in this process's memory
 * while it runs, and old shares still give the key to whoever combines enough of them by other means: destroy them.
 * Throws as {@link combineShares} and {@link splitSecret} do.
 */
export async function refreshShares(
  set: ShareSet,
  shares: readonly SecretShare[],
  next: { readonly shares: number; readonly threshold: number },
): Promise<RefreshResult> {
  need(set.epoch < epochMax, 'CRYPTO_LIMIT', 'the set has reached its last epoch');
  using secret = await combineShares(set, shares);
  const result = await splitInto({ secret, ...next }, set.setId, set.epoch + 1);
  const notice =
    'The key was put together in the memory of this process to make these shares. Shares of earlier epochs are refused from ' +
    'now on, but enough of them would still give the key: have every holder destroy the old share.';
  return { ...result, notice };
}
