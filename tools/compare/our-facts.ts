/** What `qv scan tls --json` says, in the vocabulary of the comparison. */
import { type Facts, FactsBuilder, minuteOf } from './facts.ts';

interface Certificate {
  readonly subject: string;
  readonly keyAlgorithm: string;
  readonly signatureAlgorithm: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly fingerprint256: string;
}

/** The part of the published scan result that is compared. */
export interface QvScan {
  readonly versions: readonly string[];
  readonly groups: readonly string[];
  readonly suitesByVersion: readonly {
    readonly version: string;
    readonly suites: readonly string[];
    readonly preference: string;
  }[];
  /** One per signature algorithm that leads to another certificate. */
  readonly chains: readonly { readonly chain: readonly Certificate[] }[];
}

export function ourFacts(result: QvScan): Facts {
  const builder = new FactsBuilder().add('versions', 'set', result.versions).add('groups', 'set', result.groups);
  for (const { version, suites, preference } of result.suitesByVersion) {
    builder.add(`suites ${version}`, 'set', suites);
    // Without an order of its own there is nothing to compare: what a tool lists then is the tool's order.
    if (preference === 'server' && suites.length > 1) builder.add(`order ${version}`, 'list', suites);
    if (suites.length > 1) builder.add(`chooses the suite ${version}`, 'set', [preference]);
  }
  const chains = result.chains.map(({ chain }) => chain);
  const leaves = chains.flatMap(([leaf]) => (leaf === undefined ? [] : [leaf]));
  return builder
    .add(
      'certificate key',
      'set',
      leaves.map(({ keyAlgorithm }) => keyName(keyAlgorithm)),
    )
    .add(
      'certificate signature',
      'set',
      leaves.map(({ signatureAlgorithm }) => signatureName(signatureAlgorithm)),
    )
    .add(
      'certificate validity',
      'set',
      leaves.map(({ notBefore, notAfter }) => `${minuteOf(new Date(notBefore))} to ${minuteOf(new Date(notAfter))}`),
    )
    .add(
      'certificate name',
      'set',
      leaves.map(({ subject }) => /(?:^|,)CN=([^,+]*)/.exec(subject)?.[1] ?? subject),
    )
    .add(
      'certificate sha-256',
      'set',
      leaves.map(({ fingerprint256 }) => fingerprint256),
    )
    .add(
      'chain length',
      'set',
      chains.map(({ length }) => String(length)),
    ).facts;
}

/** `EC-P256` is `EC 256` to a tool that prints bits and no curve. */
const keyName = (id: string): string => id.replace(/^EC-P(\d+)$/, 'EC $1').replace(/^RSA-(\d+)$/, 'RSA $1');

const signatureName = (id: string): string => id.replace(/^RSA-PKCS1-/, 'RSA-');
