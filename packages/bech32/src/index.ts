/*
 * Bech32 (BIP 173) and Bech32m (BIP 350) for keys: text that people copy, with a checksum that notices what they miscopy.
 * Two departures: texts are longer than the 90 characters within which the code promises to find every four errors
 * (beyond, it misses one error in 2^30), and all of it works on bytes, because a string that held a secret could never be
 * erased. Keys of QV1 are written in Bech32m, keys of age in Bech32; nothing new should take the older one, whose
 * checksum does not notice characters `q` put in before a last `p`.
 */
export { type Bech32Variant, decodeBech32, encodeBech32 } from './bech32.ts';
export { Bech32Error, type Bech32ErrorCode } from './errors.ts';
