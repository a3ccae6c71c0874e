/** Bound to `SecondFactors`. */
export const SECOND_FACTORS = Symbol('SecondFactors');
/** Bound to `PruneSignIn`: removes failures and device codes that are over. */
export const PRUNE_SIGN_IN = Symbol('PruneSignIn');
export type PruneSignIn = () => Promise<void>;
