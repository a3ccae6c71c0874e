import { type Listening, listenCertified, listenSilent } from '../listening.ts';

export interface Scannables {
  /** Weakest first: RSA key exchange, as most are today, hybrid. */
  readonly answering: readonly Listening[];
  /** They take connections and say nothing: a scan of them goes on for minutes. */
  readonly silent: readonly string[];
  close(): Promise<void>;
}

const silentCount = 240;

export async function startScannables(): Promise<Scannables> {
  const answering = [
    await listenCertified('rsa-1024', { maxVersion: 'TLSv1.2', ciphers: 'AES128-GCM-SHA256:@SECLEVEL=0' }),
    await listenCertified('rsa-2048', { ecdhCurve: 'X25519:P-256' }),
    await listenCertified('ec-p256', { ecdhCurve: 'X25519MLKEM768:X25519', minVersion: 'TLSv1.3' }),
  ];
  const mute = await Promise.all(Array.from({ length: silentCount }, () => listenSilent()));
  return {
    answering,
    silent: mute.map(({ target }) => target),
    close: async () => {
      for (const each of [...answering, ...mute]) await each.close();
    },
  };
}
