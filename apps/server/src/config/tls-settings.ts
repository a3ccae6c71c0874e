import { tlsProfileNames, tlsVersions } from '@quantumvault/pki';
import { z } from 'zod';
import { setting } from './setting.ts';

const path = z.string().min(1).max(1000);

const names = z
  .string()
  .max(1_000)
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  );

/** PKI-3: TLS of the listener. Files are read again when they change, so their names are settings and not their content. */
export const tlsSettings = {
  tlsCertificateFile: setting({
    env: 'QV_TLS_CERTIFICATE_FILE',
    reader: 'server',
    schema: path,
    unit: 'path',
    default: null,
    limit: 'PEM, the server first, then its intermediates',
    sentence: 'Certificate of the listener; with it, and QV_TLS_KEY_FILE, the server speaks HTTPS alone.',
  }),
  tlsKeyFile: setting({
    env: 'QV_TLS_KEY_FILE',
    reader: 'server',
    schema: path,
    unit: 'path',
    default: null,
    limit: 'PEM, PKCS#8, mode 0600 or 0640',
    sentence: 'Private key of that certificate. A reference into the vault is not yet possible.',
  }),
  tlsClientCertificates: setting({
    env: 'QV_TLS_CLIENT_CERTIFICATES',
    reader: 'server',
    schema: z.enum(['none', 'optional', 'required']),
    unit: 'name',
    default: 'none',
    limit: 'none, optional, required',
    sentence:
      'Whether clients show a certificate of QV_TLS_CLIENT_CA_FILE. With optional, one that is shown must be good.',
  }),
  tlsClientCaFile: setting({
    env: 'QV_TLS_CLIENT_CA_FILE',
    reader: 'server',
    schema: path,
    unit: 'path',
    default: null,
    limit: 'PEM, 1 to 100 certificates',
    sentence: "Authorities of client certificates: these alone, never the system's.",
  }),
  tlsProfile: setting({
    env: 'QV_TLS_PROFILE',
    reader: 'server',
    schema: z.enum(tlsProfileNames),
    unit: 'name',
    default: 'modern',
    limit: tlsProfileNames.join(', '),
    sentence:
      'modern: TLS 1.3, hybrid groups first. post-quantum: hybrid groups alone. intermediate: TLS 1.2 too. The CLI reads it as well.',
  }),
  tlsMinVersion: setting({
    env: 'QV_TLS_MIN_VERSION',
    reader: 'server',
    schema: z.enum(tlsVersions),
    unit: 'version',
    default: null,
    limit: tlsVersions.join(', '),
    sentence: "Lowest version, when it is not the profile's.",
  }),
  tlsGroups: setting({
    env: 'QV_TLS_GROUPS',
    reader: 'server',
    schema: names,
    unit: 'IANA names, comma-separated',
    default: '',
    limit: 'e.g. X25519MLKEM768,x25519',
    sentence: "Groups of the key exchange, the preferred first, in place of the profile's.",
  }),
  tlsSuites: setting({
    env: 'QV_TLS_SUITES',
    reader: 'server',
    schema: names,
    unit: 'names of OpenSSL, comma-separated',
    default: '',
    limit: 'e.g. TLS_AES_256_GCM_SHA384',
    sentence: "Cipher suites, the preferred first, in place of the profile's.",
  }),
  tlsReloadSeconds: setting({
    env: 'QV_TLS_RELOAD_SECONDS',
    reader: 'server',
    schema: z.coerce.number().int().min(1).max(3600),
    unit: 'seconds',
    default: '10',
    limit: '1 to 3600',
    sentence: 'Time between looks at the files of certificate, key and authorities.',
  }),
} as const;
