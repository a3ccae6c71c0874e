/** The closed lists that the rules judge by. Each entry is a decision; say why when you add one. */

/** Built-in modules that reach the network, the disk, other processes or the machine. */
export const ioBuiltins: ReadonlySet<string> = new Set([
  'child_process',
  'cluster',
  'dgram',
  'dns',
  'fs',
  'http',
  'http2',
  'https',
  'inspector',
  'net',
  'os',
  'process',
  'readline',
  'repl',
  'sqlite',
  'tls',
  'tty',
  'vm',
  'wasi',
]);

/** Libraries that are a framework, a driver or a process-wide service: never inside the pure layers. */
export const frameworkLibraries: readonly RegExp[] = [
  /^@nestjs\//,
  /^@?fastify(?:\/|$)/,
  /^(?:kysely|pg|pg-.*|mercurius|graphql|rxjs|reflect-metadata)$/,
  /^(?:pino|prom-client|commander|undici|axios|ws|ioredis)$/,
  /^(?:next|react|react-dom)$/,
];

/** Libraries that only compute: no vendor behind them, no I/O, cheap to load. */
export const ordinaryLibraries: Readonly<Record<string, string>> = {
  'ipaddr.js': 'parses and classifies addresses; it opens nothing',
  zod: 'parses unknown input into types; it opens nothing',
};

/** What the command line may use of ours: the contract, and what works without a server. */
export const cliPackages: ReadonlySet<string> = new Set([
  'access',
  'age',
  'api',
  'cms',
  'crypto',
  'envelope',
  'tlog',
  'inventory',
  'pki',
]);
export const cliProviders: ReadonlySet<string> = new Set([
  'discovery/tls',
  'discovery/ssh',
  'discovery/certificates',
  'discovery/source',
  'kms/software',
  'kms/os',
  'storage/filesystem',
]);

/** What the console may use of ours: everything here also runs in a browser. */
export const consolePackages: ReadonlySet<string> = new Set(['api', 'envelope', 'tlog']);
export const consoleProviders: ReadonlySet<string> = new Set(['kms/browser']);

/** The one home of each thing that makes a program unrepeatable. Prefixes end in a slash. */
export const clockHomes: readonly string[] = [
  'apps/server/src/kernel/clock.ts',
  'apps/cli/src/clock.ts',
  'apps/console/design/clock.ts',
];
export const environmentHomes: readonly RegExp[] = [
  /^apps\/server\/src\/config\/settings\.ts$/,
  // Entry points hand the environment to the settings, which parse it.
  /^apps\/server\/src\/main(?:\.[a-z]+)?\.ts$/,
  /^apps\/cli\/src\/(?:main|environment)\.ts$/,
];

/** Files, and folders with a slash at the end, that may XOR, and what they do it for. Keys, nonces and texts are mixed by libraries alone. */
export const xorHomes: Readonly<Record<string, string>> = {
  'apps/cli/src/vectors/': 'changes published answers, which must then be refused',
  'packages/bech32/src/bech32.ts': 'the checksum of BIP 173 is a polynomial over GF(32)',
  'packages/crypto/src/self-test.ts': 'flips a bit that must then be refused',
  'packages/crypto/src/vetted/falcon.ts': 'the same in a self-test',
  'packages/inventory/src/address/scan-guard.ts': 'turns a network mask around',
  'packages/inventory/src/tls/key-schedule.ts':
    'the nonce of a TLS 1.3 record is the sequence number over the IV (RFC 8446)',
  'packages/ports/src/checkpoint-store/contract.ts': 'a contract suite that damages a tile',
};

interface CipherMode {
  /** The one file that may name it. */
  readonly only?: string;
  readonly decryptsOnly?: boolean;
}

/** The modes that may be given to OpenSSL and to WebCrypto. Every other one is unauthenticated, short or old. */
export const cipherModes: Readonly<Record<string, CipherMode>> = {
  'aes-256-gcm': {},
  'aes-256-gcm-siv': {},
  'aes-256-siv': {},
  'chacha20-poly1305': {},
  'id-aes256-wrap': {},
  'id-aes256-wrap-pad': {},
  // What a scanned server chose: one record of a handshake is opened with it.
  'aes-128-gcm': { only: 'packages/crypto/src/native/tls-record.ts' },
  'aes-128-ccm': { only: 'packages/crypto/src/native/tls-record.ts' },
  // CRY-1: legacy data, whose HMAC was verified first.
  'aes-256-cbc': { only: 'packages/crypto/src/native/legacy-cbc.ts', decryptsOnly: true },
};

/** Files of the crypto packages where something of that name may be left out, and why it binds no ciphertext. */
export const boundDataExceptions: Readonly<Record<string, string>> = {
  'packages/crypto/src/native/argon2.ts': 'the associated data of Argon2, which only the answers of RFC 9106 have',
  'packages/crypto/src/browser/argon2.ts': 'the same of the primitives of browsers',
  'packages/crypto/src/signature.ts': 'the context of FIPS 204 and 205, which is empty unless a protocol names one',
  'packages/crypto/src/signature/composite.ts': 'the same context, inside the message that both halves sign',
};

export const maximumLines = 500;
export const warningLines = 300;
