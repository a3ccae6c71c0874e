/**
 * The inventory of cryptography as pure functions: what an asset is, what a TLS scan asks and concludes, how risky the
 * answer is, and what a protection policy demands. No network, no disk, no clock: adapters bring those
 * (`@quantumvault/providers/discovery/tls` is the one for TLS).
 *
 * Start with `profileOfTlsScan`, `assessRisk` and `simulatePolicy`; the TLS parser and the DER reader are exported for
 * adapters and take bytes that nobody has to trust.
 */

export { type Cidr, cidrContains, parseCidr, parseCidrList } from './address/address.ts';
export { isInternalHost } from './address/internal-host.ts';
export {
  decideAddress,
  decideHostName,
  type GuardDecision,
  type GuardRefusal,
  type ScanGuard,
  type ScanGuardMode,
} from './address/scan-guard.ts';
export { defaultTlsPort, formatScanTarget, parseScanTarget, targetOfResult } from './address/scan-target.ts';
export type { AlgorithmFacts, AlgorithmRegistry } from './algorithm-facts.ts';
export {
  type Asset,
  type AssetState,
  type AssetType,
  assetLimits,
  assetStates,
  assetTypes,
  type Exposure,
  exposures,
  exposureWeight,
  type Sensitivity,
  sensitivities,
  sensitivityWeight,
} from './asset/asset.ts';
export {
  type AppliedPolicy,
  type ClassicalWeakness,
  type CryptoRole,
  type CryptoUse,
  cryptoRoles,
  type EncryptionProfile,
  profileOfTlsScan,
} from './asset/encryption-profile.ts';
export type { CapturedPacket } from './capture/capture-format.ts';
export { CaptureReader, looksLikeCapture } from './capture/capture-reader.ts';
export type { Endpoint, ObservedAlert, ObservedConnection, OfferedHello } from './capture/observed-connection.ts';
export { type TrafficCounts, TrafficObserver, trafficLimits } from './capture/traffic-observer.ts';
export { type UpgradeProtocol, upgradeProtocols } from './capture/upgrade.ts';
export { keyAlgorithmName, signatureAlgorithmName } from './certificates/algorithm-names.ts';
export {
  type AssessedCertificate,
  assessCertificate,
  profileOfCertificate,
} from './certificates/certificate-profile.ts';
export type { CryptoFile, CryptoItem, FoundItem, KeyEncryption, UnreadItem } from './certificates/crypto-item.ts';
export { readCryptoFile } from './certificates/read-crypto-file.ts';
export { InventoryError, type InventoryErrorCode, inventoryErrorCodes } from './errors.ts';
export {
  fitsAssetType,
  type PolicyFit,
  type PolicyOutcome,
  type PolicySimulation,
  type SimulationContext,
  simulatePolicy,
} from './policy/apply-policy.ts';
export {
  type Expectation,
  expectationsOf,
  keyAlgorithmOf,
  tlsGroupsOfPolicy,
  tokenSignaturesOfPolicy,
} from './policy/expectations.ts';
export {
  builtInPolicies,
  type ProtectionMode,
  type ProtectionPolicy,
  type ProtectionPolicyRules,
  policyLimits,
  protectionModes,
} from './policy/protection-policy.ts';
export { observeProfile, type ProfileProof, type ProofGap, proveProfile } from './policy/prove-profile.ts';
export { natureOf, type PolicyIssue, validatePolicy } from './policy/validate-policy.ts';
export { assessRisk, type RiskAssessment, type RiskInput } from './risk/assess-risk.ts';
export { type MoscaInput, type MoscaVerdict, moscaVerdict, tightMarginYears } from './risk/mosca.ts';
export { quantumReadiness, type Readiness, readinesses } from './risk/quantum-readiness.ts';
export {
  type Agility,
  agilities,
  defaultRiskSettings,
  type RiskBand,
  type RiskSettings,
  riskBands,
} from './risk/risk-tables.ts';
export { expirySoonDays, type FindingRule, tlsFindingRules } from './scan/findings.ts';
export { finishScan, type ScanEnvironment } from './scan/finish-scan.ts';
export type { Probe, ProbeOutcome } from './scan/probes.ts';
export { beginScan, foldOutcome, type ScanState, type ScanStep, type ScanTarget } from './scan/scan-state.ts';
export {
  type Finding,
  type Preference,
  type ScanError,
  type ScannedCertificate,
  type ScannedChain,
  type ScanProfile,
  scanErrors,
  type TlsScanResult,
  type UnresolvedProbe,
  type VersionGroups,
  type VersionSuites,
} from './scan/tls-scan-result.ts';
export { type Severity, severities, severityRank } from './severity.ts';
export { type DialogueStep, dialogueLimits, StartTlsDialogue } from './starttls/dialogue.ts';
export {
  findStartTlsProtocol,
  type StartTlsProtocol,
  startTlsNames,
  startTlsPorts,
  startTlsProtocols,
} from './starttls/protocols.ts';
export { type RecognizedProtocol, recognizeProtocol } from './starttls/recognize-protocol.ts';
export type { DialogueEnd, FailedDialogueEnd } from './starttls/turns.ts';
export { expandNetwork, type NetworkLimits, networkAddressesMax } from './targets/expand-network.ts';
export { atPorts, gatherTargets, scanTargetsMax, targetKey } from './targets/gather-targets.ts';
export { parsePorts } from './targets/ports.ts';
export { type BadLine, type ReadTargets, readTargetList, readTargetTable, withPorts } from './targets/read-targets.ts';
export { type CipherSuite, cipherSuites, findSuite, suiteName } from './tls/cipher-suites.ts';
export { type ClientHello, encodeClientHello, parseClientHello, refreshClientHello } from './tls/client-hello.ts';
export { type ClientShare, clientShare, isProvable, provableGroups } from './tls/client-shares.ts';
export { HandshakeClient, type HandshakeClientOptions, type HandshakeStep } from './tls/handshake-client.ts';
export type { HandshakePrimitives, ProtectedRecord } from './tls/key-schedule.ts';
export { findGroup, groupName, isPostQuantumGroup, type NamedGroup, namedGroups } from './tls/named-groups.ts';
export { flightLimits } from './tls/records.ts';
export { ServerFlightReader } from './tls/server-flight.ts';
export type { ServerKeyExchange, ServerMessage } from './tls/server-messages.ts';
export { type TlsVersion, tlsVersions } from './tls/versions.ts';
