// What each searchable mechanism gives away (CRY-7), as data: the console shows the text where the mechanism is chosen, and
// the policy records the id of the warning that was accepted. Ids never change; a text may only become clearer.

export type LeakageWarningId = 'blind-index' | 'deterministic-encryption' | 'format-preserving-encryption';

export interface LeakageWarning {
  readonly id: LeakageWarningId;
  /** The registry id of the mechanism. */
  readonly algorithm: string;
  readonly title: string;
  readonly text: string;
}

export const leakageWarnings: readonly LeakageWarning[] = Object.freeze([
  {
    id: 'deterministic-encryption',
    algorithm: 'AES-256-SIV',
    title: 'Equal values stay equal',
    text:
      'Whoever reads the stored column sees which rows hold the same value, how often each value occurs, and how long it ' +
      'is. Values with few possibilities (gender, country, blood group, yes or no) or with known frequencies (surnames, ' +
      'diagnoses) can be guessed from counts alone, without the key. Whoever can also have values of their choice written ' +
      'can test guesses one by one. Use it only for values that are nearly unique, such as account numbers.',
  },
  {
    id: 'blind-index',
    algorithm: 'HMAC-SHA256',
    title: 'The index groups rows',
    text:
      'Whoever reads the index sees which rows may hold the same value. Fewer bits put more values into one group: searches ' +
      'then return rows that must be filtered after decryption, and counts tell less. With as many bits as the column has ' +
      'distinct values, or more, the index leaks what deterministic encryption does, except the length. Whoever sees ' +
      'queries learns which groups are searched.',
  },
  {
    id: 'format-preserving-encryption',
    algorithm: 'FF1',
    title: 'The ciphertext looks like the data, and nothing protects it from change',
    text:
      'Equal values under one tweak give equal ciphertexts, so counts and equality show, and the length is kept exactly. There ' +
      'is no authentication: a changed ciphertext decrypts to another plausible value without any error. Small domains ' +
      'can be tried out by whoever can have values encrypted; fewer than 1,000,000 possible values are refused. Use it only ' +
      'where a system cannot store anything but the old format.',
  },
]);
