import { generateToken, type NewToken, type PresentedToken, presentedToken } from './secret-token.ts';

/** ACC-2: `qv_<prefix>_<secret>`. */
export type NewApiKey = NewToken;

export const generateApiKey = (): NewApiKey => generateToken('qv');

/** What a lookup and a comparison need of a presented key. */
export const presentedKey = (text: string | null): PresentedToken => presentedToken('qv', text);
