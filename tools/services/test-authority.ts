/**
 * A certificate authority for one test: makes keys and certificates with the system's `openssl`, in the folder it is given.
 *
 * Not the product's own code on purpose: what a scan says about these certificates is judged by a maker that shares nothing
 * with it.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NeededProgram } from './debian-packages.ts';

/** The tool that services need beside their own program. */
export const opensslProgram: NeededProgram = { file: '/usr/bin/openssl', debianPackage: 'openssl' };

const keyArguments = {
  'rsa:2048': ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
  'rsa:3072': ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:3072'],
  'ec:P-256': ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  'ec:P-384': ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384'],
  ed25519: ['-algorithm', 'ED25519'],
} as const;

/** Key of an end-entity certificate, as `openssl genpkey` spells it. */
export type TestKey = keyof typeof keyArguments;

export interface IssueOptions {
  readonly key?: TestKey;
  /** Subject alternative names; `DNS:localhost,IP:127.0.0.1` unless given. */
  readonly altNames?: string;
  readonly days?: number;
}

export interface IssuedFiles {
  readonly key: string;
  readonly certificate: string;
  /** The certificate and the authority's own, as servers are given them. */
  readonly chain: string;
}

export class TestAuthority {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.#openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', 'ca.key');
    this.#openssl(
      ...['req', '-x509', '-new', '-key', 'ca.key', '-subj', '/CN=Test Authority', '-days', '365', '-out', 'ca.pem'],
    );
  }

  /** PEM file of the authority's own certificate. */
  get file(): string {
    return join(this.#folder, 'ca.pem');
  }

  /** Files named after `name`; the key is readable by its owner alone. */
  issue(name: string, { key = 'rsa:2048', altNames, days = 30 }: IssueOptions = {}): IssuedFiles {
    writeFileSync(
      join(this.#folder, `${name}.ext`),
      `subjectAltName=${altNames ?? 'DNS:localhost,IP:127.0.0.1'}\nbasicConstraints=CA:FALSE\n`,
    );
    this.#openssl('genpkey', ...keyArguments[key], '-out', `${name}.key`);
    this.#openssl('req', '-new', '-key', `${name}.key`, '-subj', '/CN=localhost', '-out', `${name}.csr`);
    this.#openssl(
      ...['x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial'],
      ...['-days', String(days), '-extfile', `${name}.ext`, '-out', `${name}.pem`],
    );
    const certificate = join(this.#folder, `${name}.pem`);
    const chain = join(this.#folder, `${name}.chain.pem`);
    writeFileSync(chain, readFileSync(certificate, 'utf8') + readFileSync(this.file, 'utf8'));
    return { key: join(this.#folder, `${name}.key`), certificate, chain };
  }

  #openssl(...words: readonly string[]): void {
    const run = spawnSync('openssl', words, {
      cwd: this.#folder,
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    if (run.status !== 0) throw new Error(`openssl ${words[0]} failed: ${run.stderr}`);
  }
}
