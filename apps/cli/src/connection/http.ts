import type { HttpClient } from '@quantumvault/api';

const answerTimeoutMs = 30_000;

/**
 * Node's fetch with two rules: redirects are errors, because fetch would carry the API key along to whatever host it is
 * sent to; and an answer that does not come within half a minute does not come.
 */
export const nodeHttp: HttpClient = (url, init) =>
  fetch(url, { ...init, redirect: 'error', signal: init.signal ?? AbortSignal.timeout(answerTimeoutMs) });
