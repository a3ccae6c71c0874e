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
  '@peculiar/x509': 'reads and writes certificates; its keys come from the caller',
};

/** What the command line may use of ours: the contract, and what works without a server. */
export const cliPackages: ReadonlySet<string> = new Set([
  'age',
  'api',
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
export const clockHomes: readonly string[] = ['apps/server/src/kernel/clock.ts', 'apps/cli/src/clock.ts'];
export const environmentHomes: readonly RegExp[] = [
  /^apps\/server\/src\/config\/settings\.ts$/,
  // Entry points hand the environment to the settings, which parse it.
  /^apps\/server\/src\/main(?:\.[a-z]+)?\.ts$/,
  /^apps\/cli\/src\/(?:main|environment)\.ts$/,
];

export const maximumLines = 500;
export const warningLines = 300;
