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

async function secure(
  environment: Environment,
  url: string,
  { method, headers, body, signal }: Init,
): Promise<Response> {
  const options = await tlsOptions(environment);
  return new Promise((resolve, reject) => {
    const sent = request(url, { ...options, method, headers, ...(signal && { signal }) }, (answer) => {
      const status = answer.statusCode ?? 0;
      if (status >= 300 && status < 400) {
        answer.destroy();
        return reject(new TypeError('the server answers with a redirect, which is not followed'));
      }
      const has = status !== 204 && status !== 304 && method !== 'HEAD';
      const answered = new Headers();
      for (const [name, value] of Object.entries(answer.headers)) answered.set(name, String(value));
      resolve(new Response(has ? (Readable.toWeb(answer) as ReadableStream) : null, { status, headers: answered }));
      if (!has) answer.resume();
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
