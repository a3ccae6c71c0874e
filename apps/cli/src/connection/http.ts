import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { Readable } from 'node:stream';
import type { HttpClient } from '@quantumvault/api';
import { type Environment, readSetting } from '../environment.ts';
import { CliError } from '../errors.ts';

const answerTimeoutMs = 30_000;

/**
 * Node's own HTTP with two rules: redirects are errors, because the API key would go along to whatever host they name;
 * and an answer that does not come within half a minute does not come. HTTPS follows a TLS profile (PKI-3).
 */
export function httpClient(environment: Environment): HttpClient {
  return (url, init) => {
    const signal = init.signal ?? AbortSignal.timeout(answerTimeoutMs);
    if (!url.startsWith('https:')) return fetch(url, { ...init, redirect: 'error', signal });
    return secure(environment, url, { ...init, signal });
  };
}

type Init = Parameters<HttpClient>[1];

/** What the environment says about TLS towards the server. */
async function tlsOptions(environment: Environment) {
  const [{ rootCertificates, getCACertificates }, pki] = await Promise.all([
    import('node:tls'),
    import('@quantumvault/pki'),
  ]);
  const given = readSetting(environment, 'QV_TLS_PROFILE') ?? 'modern';
  const name = pki.tlsProfileNames.find((known) => known === given);
  if (name === undefined) {
    throw new CliError('CLI_WRONG_USE', `QV_TLS_PROFILE is one of ${pki.tlsProfileNames.join(', ')}.`);
  }
  const profile = pki.tlsProfile(name, { minVersion: null, groups: [], suites: [] });
  const [cert, key] = [readSetting(environment, 'QV_CLIENT_CERTIFICATE'), readSetting(environment, 'QV_CLIENT_KEY')];
  if ((cert === undefined) !== (key === undefined)) {
    throw new CliError('CLI_WRONG_USE', 'QV_CLIENT_CERTIFICATE and QV_CLIENT_KEY are set together or not at all.');
  }
  const own = readSetting(environment, 'QV_CA');
  // Given authorities come beside the usual ones, so that one setting does for servers of both kinds.
  const ca = own === undefined ? undefined : [...(getCACertificates?.('default') ?? rootCertificates), own];
  return { ...pki.nodeTlsOptions(profile), ...(ca && { ca }), ...(cert && { cert, key }) };
}

const bodilessStatuses: readonly number[] = [204, 205];

/** What came, as fetch gives it; a body that breaks off rejects whoever reads it. Throws for what is no answer to follow. */
function responseOf(answer: IncomingMessage, method: string | undefined): Response {
  const status = answer.statusCode ?? 0;
  if (status >= 300 && status < 400) throw new TypeError('the server answers with a redirect, which is not followed');
  if (status < 200 || status > 599) throw new TypeError('the server answers with a status that HTTP does not have');
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) headers.set(name, String(value));
  if (!bodilessStatuses.includes(status) && method !== 'HEAD') {
    return new Response(Readable.toWeb(answer) as ReadableStream, { status, headers });
  }
  answer.resume();
  return new Response(null, { status, headers });
}

async function secure(
  environment: Environment,
  url: string,
  { method, headers, body, signal }: Init,
): Promise<Response> {
  const options = await tlsOptions(environment);
  return new Promise((resolve, reject) => {
    const sent = request(url, { ...options, method, headers, ...(signal && { signal }) }, (answer) => {
      try {
        resolve(responseOf(answer, method));
      } catch (error) {
        // Thrown in a callback it would end the process, and nobody would hear of it here.
        answer.destroy();
        reject(error);
      }
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
