import type { AuditEventView } from '@quantumvault/api';
import {
  type AuditEvent,
  decodeEvent,
  decodeLeaf,
  encodeBase64,
  formatUuid,
  inclusionPath,
  type LogKey,
  leafDigestMatches,
  leafHash,
  noteKeyTypes,
  type ParsedCheckpoint,
  type ProofFile,
  parseCheckpoint,
  parseLogKeys,
  parseProofFile,
  sameBytes,
  TlogError,
  toHex,
  verifyCheckpoint,
} from '@quantumvault/tlog';
import { differencesOf } from './event-differences.ts';

/*
 * AUD-6 in the reader's own browser: whether an event that the server shows is in the log, unchanged. Everything is computed
 * here from three things that are given: the event as shown, the proof, and the public keys of the log. The steps do not
 * depend on each other more than they must, so that a failure says where it is. Nothing of it asks the network.
 */

export interface CheckValue {
  readonly label: string;
  readonly value: string;
}

export interface CheckStep {
  readonly id: 'proof' | 'signatures' | 'leaf' | 'path' | 'event';
  readonly title: string;
  /** `skipped`: an earlier step left nothing to check. It counts as failed. */
  readonly status: 'passed' | 'failed' | 'skipped';
  /** What was found, in a sentence. */
  readonly finding: string;
  readonly values: readonly CheckValue[];
}

export interface ProofCheck {
  readonly isProven: boolean;
  readonly steps: readonly CheckStep[];
  /** What the proof leaves open, in sentences; never empty. */
  readonly notChecked: readonly string[];
  readonly checkpoint: { readonly origin: string; readonly size: number; readonly signedAt: string } | null;
}

export interface ProofInput {
  readonly event: AuditEventView;
  readonly organizationId: string;
  /** As the server gave it. */
  readonly proof: { readonly eventId: string; readonly proof: string };
  readonly keys: string;
  /** Whether the reader brought the keys, or the server that is checked gave them. */
  readonly keysFrom: 'reader' | 'server';
}

const titles = {
  proof: 'The proof can be read',
  signatures: 'The log signed the checkpoint',
  leaf: 'The entry of the log',
  path: 'The entry is in the signed tree',
  event: 'The entry says what is shown',
} as const satisfies Record<CheckStep['id'], string>;

type Outcome = Omit<CheckStep, 'id' | 'title'>;
const outcome =
  (status: CheckStep['status']) =>
  (finding: string, values: readonly CheckValue[] = []): Outcome => ({ status, finding, values });
const [passed, failed, skipped] = [outcome('passed'), outcome('failed'), outcome('skipped')];
const valued = (label: string, value: string | number | bigint): CheckValue => ({ label, value: String(value) });

/** What a step found when the log's own code refuses; anything else is a fault of ours and goes on. */
function refusal(error: unknown): Outcome {
  if (error instanceof TlogError) return failed(`${sentence(error.message)} (${error.code})`);
  throw error;
}
const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** Checks one event. Never throws for what was given to it: a wrong answer is a failed step. */
export function checkProof(input: ProofInput): ProofCheck {
  const read = readProof(input);
  const { file } = read;
  const signed = file === null ? { step: skipped('There is no checkpoint to check.') } : checkSignatures(file, input);
  const hash = file === null ? null : leafHash(file.leaf);
  const outcomes: Record<CheckStep['id'], Outcome> = {
    proof: read.step,
    signatures: signed.step,
    leaf: checkLeaf(file, hash),
    path: checkPath(file, hash),
    event: checkEvent(file, input),
  };
  const steps = (Object.keys(titles) as CheckStep['id'][]).map((id) => ({ id, title: titles[id], ...outcomes[id] }));
  return {
    isProven: steps.every(({ status }) => status === 'passed'),
    steps,
    notChecked: openQuestions(input),
    checkpoint: signed.checkpoint ?? null,
  };
}

function readProof({ event, proof }: ProofInput): { readonly step: Outcome; readonly file: ProofFile | null } {
  try {
    const file = parseProofFile(proof.proof);
    const values = [
      valued('Entry of the log', file.index),
      valued('Hashes on the way to the root', file.proof.length),
      valued('Bytes of the entry', file.leaf.length),
    ];
    if (proof.eventId !== event.id)
      return { step: failed('The server gave the proof of another event.', values), file };
    if (event.logIndex !== null && BigInt(event.logIndex) !== file.index)
      return { step: failed(`The listing names entry ${event.logIndex}, the proof another one.`, values), file };
    return { step: passed('It is a C2SP tlog-proof file of this event.', values), file };
  } catch (error) {
    return { step: refusal(error), file: null };
  }
}

function keyValue(key: LogKey): CheckValue {
  const name = key.type === noteKeyTypes.ed25519 ? 'Ed25519' : 'ML-DSA-44';
  return valued(`Key ${name}`, `${key.name} · ${key.keyId.toString(16).padStart(8, '0')}`);
}

function checkSignatures(
  { checkpoint: note }: ProofFile,
  { keys: text, keysFrom }: ProofInput,
): { readonly step: Outcome; readonly checkpoint?: ProofCheck['checkpoint'] } {
  const values: CheckValue[] = [];
  try {
    const parsed = parseCheckpoint(note);
    values.push(valued('Log', parsed.origin), valued('Entries', parsed.size), valued('Root', toHex(parsed.root)));
    const keys = parseLogKeys(text);
    values.push(...keys.map(keyValue));
    const trusted = verifyCheckpoint(note, keys);
    const signedAt = new Date(Number(trusted.timestamp) * 1000).toISOString();
    values.push(valued('Signed at', signedAt));
    const whose = keysFrom === 'reader' ? 'the keys that you gave' : 'the keys that this server gave';
    const step = passed(`Both signatures, Ed25519 and ML-DSA-44, hold under ${whose}.`, values);
    return { step, checkpoint: { origin: trusted.origin, size: Number(trusted.size), signedAt } };
  } catch (error) {
    return { step: { ...refusal(error), values } };
  }
}

function checkLeaf(file: ProofFile | null, hash: Uint8Array | null): Outcome {
  if (file === null || hash === null) return skipped('There is no entry to check.');
  const values = [valued('Hash of the entry', toHex(hash))];
  try {
    const leaf = decodeLeaf(file.leaf);
    values.push(
      valued('Organization', formatUuid(leaf.tenant)),
      valued('Number among its entries', leaf.tenantSequence),
      valued('Hash of its entry before', toHex(leaf.previousTenantLeaf)),
      valued('Digest of the event (SHA3-256)', toHex(leaf.digest)),
    );
    if (!leafDigestMatches(leaf)) return failed('The digest in the entry is not the one of its event.', values);
    return passed('It is well formed, and its digest is the one of the event inside.', values);
  } catch (error) {
    return { ...refusal(error), values };
  }
}

function checkPath(file: ProofFile | null, hash: Uint8Array | null): Outcome {
  if (file === null || hash === null) return skipped('There is no way to compute.');
  let head: ParsedCheckpoint;
  try {
    head = parseCheckpoint(file.checkpoint);
  } catch {
    return skipped('There is no root to compare with.');
  }
  const { index, proof } = file;
  const path = inclusionPath({ index, size: head.size, leafHash: hash, proof });
  if (path === null) return failed('The proof does not fit an entry of this number in a tree of this size.');
  const values = path.map(({ hash: reached, sibling, siblingIsLeft }, level) =>
    valued(
      level === 0 ? 'Hash of the entry' : `Level ${level}, with ${siblingIsLeft ? 'left' : 'right'} ${short(sibling)}`,
      toHex(reached),
    ),
  );
  values.push(valued('Root in the checkpoint', toHex(head.root)));
  const top = path.at(-1)?.hash;
  return top !== undefined && sameBytes(top, head.root)
    ? passed('The hashes lead from the entry to the root that was signed.', values)
    : failed('The hashes lead to another root than the one that was signed.', values);
}

const short = (bytes: Uint8Array | null): string => (bytes === null ? '' : `${toHex(bytes).slice(0, 12)}…`);

function checkEvent(file: ProofFile | null, { event: shown, organizationId }: ProofInput): Outcome {
  if (file === null) return skipped('There is no entry to compare with.');
  let [logged, sequence]: [AuditEvent | null, number] = [null, 0];
  try {
    const leaf = decodeLeaf(file.leaf);
    logged = decodeEvent(leaf.event);
    sequence = leaf.tenantSequence;
    if (formatUuid(leaf.tenant) !== organizationId || logged.tenant !== organizationId)
      return failed('The entry belongs to another organization.');
  } catch (error) {
    return refusal(error);
  }
  const values = [valued('Event in the entry (base64)', encodeBase64(file.leaf))];
  const differences = differencesOf(shown, logged, sequence);
  if (differences.length === 0) return passed('Every field that is shown is the one in the entry.', values);
  const names = differences.map(({ field }) => field).join(', ');
  return failed(`The entry says something else than what is shown: ${names}.`, [
    ...differences.flatMap(({ field, isShown, isLogged }) => [
      valued(`${field}, shown`, isShown),
      valued(`${field}, in the log`, isLogged),
    ]),
    ...values,
  ]);
}

function openQuestions({ event, keysFrom }: ProofInput): string[] {
  const open: string[] = [];
  if (keysFrom === 'server') {
    open.push(
      'Whose keys they are: they came from the server that is checked. Compare the key ids with a log.vkey that was kept elsewhere, or give that file here.',
    );
  }
  open.push(
    'Whether somebody else was shown another log: only a checkpoint that you received at another place can tell.',
    'Whether an event was left out: a proof is about one event. An export of the log, verified with qv, is about all.',
  );
  if (event.source !== null || event.reason?.text) {
    open.push(
      'The texts of source address and reason: the log has them encrypted, and they are shown as the server opened them.',
    );
  }
  return open;
}
