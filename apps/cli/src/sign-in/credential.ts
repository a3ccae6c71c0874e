import { CliError } from '../errors.ts';

/** What a sign-in left: tokens of a session, which are renewed, or an API key. All of it is secret. */
export interface StoredSession {
  readonly kind: 'session';
  readonly sessionId: string;
  readonly subjectId: string;
  readonly organizationId: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  /** When the access token ends. */
  readonly expiresAt: string;
  readonly sessionEndsAt: string;
}
export interface StoredKey {
  readonly kind: 'api-key';
  readonly apiKey: string;
}
export type StoredCredential = StoredSession | StoredKey;

/** Both are sent as a header: anything else in them would be an error that quotes them. */
const sendable = (lengthMax: number) => new RegExp(`^[\\x21-\\x7e]{1,${lengthMax}}$`);
const [tokenForm, keyForm] = [sendable(16_384), sendable(200)];

export const isApiKeyForm = (text: string): boolean => keyForm.test(text);

/** The tokens of a session as a program keeps them. Throws CLI_ANSWER_BROKEN for an answer without them. */
export function sessionOf(
  signedIn: {
    readonly [Name in 'sessionId' | 'subjectId' | 'organizationId' | 'expiresAt' | 'sessionEndsAt']: string;
  } & { readonly accessToken: string | null; readonly refreshToken: string | null },
): StoredSession {
  const { sessionId, subjectId, organizationId, accessToken, refreshToken, expiresAt, sessionEndsAt } = signedIn;
  if (accessToken === null || refreshToken === null || !tokenForm.test(accessToken) || !tokenForm.test(refreshToken))
    throw new CliError('CLI_ANSWER_BROKEN', 'The server signed in without tokens that can be kept.');
  return { kind: 'session', sessionId, subjectId, organizationId, accessToken, refreshToken, expiresAt, sessionEndsAt };
}

/** Undefined for anything but what was written. */
export function parseCredential(value: Readonly<Record<string, unknown>>): StoredCredential | undefined {
  const texts = (...names: string[]): boolean => names.every((name) => typeof value[name] === 'string');
  const text = (name: string): string => String(value[name]);
  if (value.kind === 'api-key')
    return texts('apiKey') && keyForm.test(text('apiKey')) ? { kind: 'api-key', apiKey: text('apiKey') } : undefined;
  const isWhole =
    value.kind === 'session' &&
    texts('sessionId', 'subjectId', 'organizationId', 'accessToken', 'refreshToken', 'sessionEndsAt') &&
    !Number.isNaN(Date.parse(text('expiresAt'))) &&
    tokenForm.test(text('accessToken')) &&
    tokenForm.test(text('refreshToken'));
  if (!isWhole) return undefined;
  return {
    kind: 'session',
    sessionId: text('sessionId'),
    subjectId: text('subjectId'),
    organizationId: text('organizationId'),
    accessToken: text('accessToken'),
    refreshToken: text('refreshToken'),
    expiresAt: text('expiresAt'),
    sessionEndsAt: text('sessionEndsAt'),
  };
}
