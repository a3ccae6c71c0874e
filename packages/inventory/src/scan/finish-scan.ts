import {
  type CertificateFacts,
  PkiError,
  parseAddress,
  parseCertificate,
  readCertificateExtensions,
} from '@quantumvault/pki';
import type { AlgorithmRegistry } from '../algorithm-facts.ts';
import { brokenSignatureHash, keyAlgorithmName, signatureAlgorithmName } from '../certificates/algorithm-names.ts';
import type { ExaminedCertificate, SuitesOfVersion } from '../findings/rule.ts';
import { severityRank } from '../severity.ts';
import { suiteName } from '../tls/cipher-suites.ts';
import { groupName, isPostQuantumGroup } from '../tls/named-groups.ts';
import { type TlsVersion, tlsVersions } from '../tls/versions.ts';
import { type Enumeration, preferenceOf } from './enumeration.ts';
import { findTlsFindings } from './findings.ts';
import { type ScanState, scanError, sortVersions } from './scan-state.ts';
import type {
  ScannedCertificate,
  TlsScanResult,
  UnresolvedProbe,
  VersionGroups,
  VersionSuites,
} from './tls-scan-result.ts';

/** What the pure fold cannot have of its own. */
export interface ScanEnvironment {
  readonly registry: AlgorithmRegistry;
  /** SHA-256 in lower hex. */
  readonly sha256Hex: (bytes: Uint8Array) => string;
  readonly now: Date;
}

/** Turns a finished (or abandoned) scan into its published result. Never throws for what a server sent. */
export function finishScan(state: ScanState, environment: ScanEnvironment): TlsScanResult {
  const unresolved: UnresolvedProbe[] = [...state.unresolved];
  const chains = state.chains.map((chain) => readChain(chain, unresolved, environment));
  const certificates = chains[0] ?? [];
  const suitesByVersion = listSuites(state);
  const groupsByVersion = listGroups(state);
  const [newestGroups] = groupsByVersion;
  const groups = newestGroups?.groups ?? [];
  const provenGroups = state.proven.map(groupName);
  const result = {
    host: state.target.host,
    port: state.target.port,
    protocol: state.target.starttls ?? ('tls' as const),
    profile: state.profile,
    reachable: state.isConnected,
    versions: sortVersions(state.versions),
    suites: [...new Set(suitesByVersion.flatMap((entry) => entry.suites))],
    suitesByVersion,
    groups,
    groupsByVersion,
    preference: newestGroups?.preference ?? ('unknown' as const),
    provenGroup: bestProof(groups, provenGroups),
    provenGroups,
    keyShareSteers: state.keyShareSteers,
    alpn: state.alpn,
    dheBits: state.dheBits ?? null,
    chain: certificates.map(({ shown }) => shown),
    chains: chains.flatMap((entries) => {
      const [leaf] = entries;
      return leaf === undefined
        ? []
        : [{ keyAlgorithm: leaf.shown.keyAlgorithm, chain: entries.map(({ shown }) => shown) }];
    }),
    closings: state.closings,
    error: scanError(state),
    unresolved,
  };
  const findings = findTlsFindings({
    result,
    certificates,
    otherChains: chains.slice(1),
    suitesByVersion: suitesByVersion.map((entry): SuitesOfVersion => {
      const isComplete = suitesEnumeration(state, entry.version)?.end === 'complete';
      return { ...entry, isComplete };
    }),
    dheBits: state.dheBits,
    hellos: state.hellos,
    asksForClientCertificate: state.asksForClientCertificate,
    isNotTls: state.isNotTls && state.versions.length === 0,
    starttls: state.target.starttls,
    dialogueEnd: state.dialogueEnd,
    serverName: askedName(state.target),
    now: environment.now,
  });
  return {
    ...result,
    findings: findings.toSorted((left, right) => severityRank(right.severity) - severityRank(left.severity)),
  };
}

function readChain(
  chain: readonly Uint8Array[],
  unresolved: UnresolvedProbe[],
  environment: ScanEnvironment,
): readonly ExaminedCertificate[] {
  const certificates: ExaminedCertificate[] = [];
  for (const [index, der] of chain.entries()) {
    try {
      const facts = parseCertificate(der);
      const shown = showCertificate(der, facts, environment);
      const extensions = readCertificateExtensions(der);
      certificates.push({ shown, facts, extensions, brokenHash: brokenSignatureHash(facts.signature) });
    } catch (error) {
      if (!(error instanceof PkiError)) throw error;
      unresolved.push({ probe: `certificate-${index}`, cause: 'malformed', detail: error.message });
    }
  }
  return certificates;
}

const newestFirst = tlsVersions.toReversed();

function listSuites(state: ScanState): readonly VersionSuites[] {
  return newestFirst.flatMap((version) => {
    const enumeration = suitesEnumeration(state, version);
    const chosen = state.suites.filter((entry) => entry.version === version).map(({ suite }) => suite);
    const suites = (enumeration?.found ?? chosen).map(suiteName);
    return suites.length === 0 ? [] : [{ version, suites, preference: preferenceOf(enumeration) }];
  });
}

function suitesEnumeration({ enumerations }: ScanState, version: TlsVersion): Enumeration | undefined {
  return enumerations.get(version === 'TLSv1.3' ? 'tls13-suites' : version);
}

function listGroups(state: ScanState): readonly VersionGroups[] {
  const lists = [
    ['TLSv1.3', 'tls13-groups'],
    ['TLSv1.2', 'tls12-groups'],
  ] as const;
  const listed = lists.flatMap(([version, id]) => {
    const enumeration = state.enumerations.get(id);
    const groups = (enumeration?.found ?? []).map(groupName);
    return groups.length === 0 ? [] : [{ version, groups, preference: preferenceOf(enumeration) }];
  });
  const [version] = sortVersions(state.versions).slice(-1);
  if (listed.length > 0 || state.groups.length === 0 || version === undefined) return listed;
  return [{ version, groups: state.groups.map(groupName), preference: 'unknown' }];
}

/** The proof that tells most: the first post-quantum group in the server's order, else the first of all. */
function bestProof(groups: readonly string[], proven: readonly string[]): string | null {
  const inOrder = [...groups.filter((name) => proven.includes(name)), ...proven];
  return inOrder.find(isPostQuantumGroup) ?? inOrder[0] ?? null;
}

/** What the published form of a result allows; a server may send a certificate with more. */
const shownMax = { name: 4_096, algorithm: 128, keyBits: 1_000_000 } as const;

const bounded = (text: string, charactersMax: number): string =>
  (text.length <= charactersMax ? text : `${text.slice(0, charactersMax - 1)}…`).toWellFormed();

function showCertificate(
  der: Uint8Array,
  facts: CertificateFacts,
  { registry, sha256Hex }: ScanEnvironment,
): ScannedCertificate {
  const key = registry.findPublicKeyAlgorithm(facts.key);
  return {
    subject: bounded(facts.subject, shownMax.name),
    issuer: bounded(facts.issuer, shownMax.name),
    keyAlgorithm: bounded(keyAlgorithmName(facts.key, registry), shownMax.algorithm),
    signatureAlgorithm: bounded(signatureAlgorithmName(facts.signature, registry), shownMax.algorithm),
    notBefore: facts.notBefore,
    notAfter: facts.notAfter,
    fingerprint256: sha256Hex(der),
    keyBits: facts.key.modulusBits === undefined ? null : Math.min(facts.key.modulusBits, shownMax.keyBits),
    securityBits: key?.classicalSecurityBits ?? null,
    quantumVulnerable: key?.quantumVulnerable ?? null,
  };
}

/** The name that went out as SNI: the target's own choice, else its host unless that is an address. */
function askedName({ host, serverName }: ScanState['target']): string | undefined {
  return serverName ?? (parseAddress(host) === undefined ? host : undefined);
}
