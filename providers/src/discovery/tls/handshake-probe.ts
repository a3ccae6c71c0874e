import type { X509Certificate } from 'node:crypto';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { findGroup, type HandshakeProbe, type ProbeOutcome } from '@quantumvault/inventory';
import { errorCode } from './address-guard.ts';
import { type Endpoint, withConnection } from './connection.ts';
import { failedProbe, type HelloProbeOptions } from './hello-probe.ts';

const chainCertificatesMax = 32;

/**
 * Makes a complete TLS handshake: it proves that a group works, and TLS 1.3 shows its certificates only inside one.
 * Nothing is verified on purpose: this looks at what a server has, be it self-signed or expired, and sends no data.
 */
export async function runHandshakeProbe(
  endpoint: Endpoint,
  probe: HandshakeProbe,
  options: HelloProbeOptions,
): Promise<ProbeOutcome> {
  const outcome = await withConnection<ProbeOutcome>(endpoint, options, ({ socket, finish, fail }) => {
    const tls = connectTls({
      socket,
      rejectUnauthorized: false,
      // No trust store: the chain must be what the server sent, not what this machine could complete.
      ca: [],
      minVersion: probe.version === 'TLSv1.3' ? 'TLSv1.3' : 'TLSv1.2',
      // Level 0 lets weak keys and signatures through to be reported.
      ciphers: 'DEFAULT:@SECLEVEL=0',
      ecdhCurve: groupList(probe.groups),
      ...(options.serverName === undefined ? {} : { servername: options.serverName }),
      ...(options.alpn.length === 0 ? {} : { ALPNProtocols: [...options.alpn] }),
    });
    tls.once('secureConnect', () => finish(describe(tls)));
    tls.once('close', () => fail({ cause: 'reset', connected: true, detail: 'closed during the handshake' }));
    tls.on('error', (error) => {
      const code = errorCode(error);
      if (/^ERR_SSL_.*ALERT/.test(code)) fail({ cause: 'alert', connected: true, detail: code });
      else if (/^(ERR_SSL_|ERR_OSSL_)/.test(code))
        finish({ kind: 'not-tls', cause: 'malformed', detail: code, messages: [] });
      else fail({ cause: 'reset', connected: true, detail: code });
    });
    return { receive: () => {}, ended: () => {} };
  });
  return 'value' in outcome ? outcome.value : failedProbe(outcome.failure, []);
}

// "?" makes OpenSSL pass over a group that it does not have, instead of refusing the whole list.
function groupList(groups: readonly string[]): string {
  const known = groups.filter((name) => findGroup(name) !== undefined);
  return known.length === 0 ? 'auto' : known.map((name) => `?${opensslNames[name] ?? name}`).join(':');
}

const opensslNames: Readonly<Record<string, string>> = { x25519: 'X25519', x448: 'X448', secp256r1: 'P-256' };

function describe(tls: TLSSocket): ProbeOutcome {
  return {
    kind: 'handshake',
    version: tls.getProtocol() ?? '',
    suite: tls.getCipher().standardName,
    group: negotiatedGroup(tls),
    chain: sentChain(tls.getPeerX509Certificate()),
  };
}

function sentChain(leaf: X509Certificate | undefined): Uint8Array[] {
  const chain: Uint8Array[] = [];
  for (let next = leaf; next !== undefined && chain.length < chainCertificatesMax; next = next.issuerCertificate) {
    chain.push(new Uint8Array(next.raw));
  }
  return chain;
}

/** The runtime's name of the agreed group in the registry's spelling, or null when it has none. */
function negotiatedGroup(tls: TLSSocket): string | null {
  const info = tls.getEphemeralKeyInfo();
  if (info === null || !('type' in info)) return null;
  if (info.type === 'DH') return `ffdhe${info.size}`;
  const name = 'name' in info && typeof info.name === 'string' ? info.name : null;
  return name === null ? null : (ianaNames[name] ?? name);
}

const ianaNames: Readonly<Record<string, string>> = {
  X25519: 'x25519',
  X448: 'x448',
  prime256v1: 'secp256r1',
  'P-256': 'secp256r1',
};
