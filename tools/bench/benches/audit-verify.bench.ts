/** `qv audit verify` as an auditor meets it (AUD-6): 100,000 events of real size, with checkpoint, tiles and keys. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  type AuditEvent,
  appendLeaves,
  emptyTree,
  encodeEvent,
  encodeLeaf,
  formatLogKeys,
  headDetails,
  leafHash,
  logKeysOf,
  signCheckpoint,
  tenantHeadAction,
  tilePath,
  treeRoot,
  writeExport,
} from '@quantumvault/tlog';
import { logStart, newSigners, origin, sampleEvent, uuidOf } from '../../../packages/tlog/test/sample-log.ts';
import type { Bench } from '../bench.ts';

const events = 100_000;
const own = uuidOf(1);
const root = join(import.meta.dirname, '..', '..', '..');

type Scope = 'all' | 'tenant';
interface Files {
  readonly export: string;
  readonly checkpoint: string;
  readonly key: string;
  readonly tiles: string;
}

/** What the server records when a scan finds an asset: about 400 bytes, and 1.3 KB as a line of an export. */
function realEvent(number: number, tenant: string): AuditEvent {
  const actions = ['asset.discovered', 'asset.updated', 'job.created', 'key.used'] as const;
  const assetType = number % 3 === 0 ? 'tls-endpoint' : 'ssh-host-key';
  const common = { findings: number % 17, riskBand: 'moderate', assetType, policyId: uuidOf(number % 50) };
  return sampleEvent(number, tenant, {
    time: logStart * 1_000_000n - BigInt(events * 2 - number) * 97n,
    session: uuidOf(number % 20),
    source: { subjectKey: uuidOf(number % 20), suite: 'AES-256-GCM', bytes: new Uint8Array(37).fill(number) },
    action: actions[number % 4] ?? actions[0],
    requestId: uuidOf(900_000 + number),
    reason: number % 10 === 0 ? { code: 'POLICY_CHANGED', text: null } : null,
    outcome: number % 25 === 0 ? 'refused' : 'success',
    // Names of people and places are not always ASCII.
    details: { source: 'cli-scan', ...common, ...(number % 20 === 0 ? { site: 'Zürich' } : {}) },
  });
}

/** Writes an export of 100,000 own events, and what an outsider keeps of the log, into `folder`. */
async function writeFiles(folder: string, scope: Scope): Promise<Files> {
  const signers = newSigners();
  const leaves: Uint8Array[] = [];
  const hashes: Uint8Array[] = [];
  const tenantOf: string[] = [];
  const ends = new Map<string, { tenantSequence: number; leafHash: Uint8Array }>();
  const append = (event: AuditEvent): void => {
    const { tenant } = event;
    const before = ends.get(tenant);
    const tenantSequence = (before?.tenantSequence ?? 0) + 1;
    const link = before === undefined ? {} : { previousTenantLeaf: before.leafHash };
    const leaf = encodeLeaf({ tenant, tenantSequence, event: encodeEvent(event), ...link });
    const hash = leafHash(leaf);
    leaves.push(leaf);
    hashes.push(hash);
    tenantOf.push(tenant);
    ends.set(tenant, { tenantSequence, leafHash: hash });
  };
  // Every fourth leaf is another's: four organizations together, or one among others.
  const shown = scope === 'all' ? events : Math.ceil((events * 4) / 3);
  for (let number = 0; number < shown - 4; number += 1) {
    append(realEvent(number, number % 4 === 0 ? uuidOf(2 + (number % 3)) : own));
  }
  for (const [tenant, end] of [...ends]) {
    append({ ...realEvent(shown, tenant), action: tenantHeadAction, details: headDetails(end) });
  }
  const file = (name: string): string => join(folder, name);
  let edge = emptyTree;
  for (let at = 0; at < hashes.length; at += 4096) {
    const grown = appendLeaves(edge, hashes.slice(at, at + 4096));
    edge = grown.edge;
    for (const tile of grown.tiles) {
      mkdirSync(dirname(file(tilePath(tile))), { recursive: true });
      writeFileSync(file(tilePath(tile)), tile.hashes);
    }
  }
  const checkpoint = await signCheckpoint({ origin, size: edge.size, root: treeRoot(edge) }, logStart, signers);
  const rows = leaves.map((leaf, at) =>
    scope === 'all' || tenantOf[at] === own
      ? { index: BigInt(at), leaf }
      : { index: BigInt(at), leafHash: hashes[at] ?? new Uint8Array(0) },
  );
  const tenant = scope === 'all' ? 'all' : own;
  const lines: string[] = [];
  for await (const line of writeExport({ tenant, checkpoint, treeSize: edge.size, rows })) lines.push(line);
  writeFileSync(file('export.jsonl'), lines.join(''));
  writeFileSync(file('checkpoint'), checkpoint);
  writeFileSync(file('log.vkey'), formatLogKeys(logKeysOf(origin, signers)));
  return { export: file('export.jsonl'), checkpoint: file('checkpoint'), key: file('log.vkey'), tiles: folder };
}

const prepared = new Map<Scope, Promise<Files>>();

function filesOf(scope: Scope): Promise<Files> {
  let files = prepared.get(scope);
  if (files === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'qv-bench-audit-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    files = writeFiles(folder, scope);
    prepared.set(scope, files);
  }
  return files;
}

/** Seconds that a program takes from its start to its end; throws when it does not end with 0. */
function secondsOf(words: readonly string[], { isPinned }: { readonly isPinned: boolean }): number {
  // One core for the program alone: nothing that it does beside itself counts as faster.
  const before = isPinned && existsSync('/usr/bin/taskset') ? ['/usr/bin/taskset', '-c', '0'] : [];
  const [command = process.execPath, ...args] = [...before, process.execPath, ...words];
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(QV_|NODE_OPTIONS$)/.test(name)));
  const started = performance.now();
  const run = spawnSync(command, args, { env, encoding: 'utf8', maxBuffer: 1 << 20 });
  const seconds = (performance.now() - started) / 1000;
  if (run.status !== 0) throw new Error(`${words.join(' ')} ended with ${run.status}: ${run.stdout}${run.stderr}`);
  return seconds;
}

const qv = (...words: string[]): string[] => [join(root, 'apps', 'cli', 'bin', 'qv.mjs'), ...words];

const verifyWords = ({ export: file, checkpoint, tiles, key }: Files): string[] =>
  qv('audit', 'verify', file, '--checkpoint', checkpoint, '--tiles', tiles, '--key', key, '--json');

/**
 * The baseline is a process too: one that reads the same file and makes for each leaf the three hashes that no verifier
 * can avoid (the leaf's, a tree node's, the event's), without looking at anything.
 */
const hashingProgram = `
  const { hash } = require('node:crypto');
  const lines = require('node:fs').readFileSync(process.argv[1], 'latin1').split('\\n');
  const node = Buffer.alloc(65);
  for (const line of lines) {
    const leaf = Buffer.from(line.slice(0, 600), 'base64');
    hash('sha256', leaf, 'buffer');
    hash('sha256', node, 'buffer');
    hash('sha3-256', leaf, 'buffer');
  }
`;

function verifyBench(scope: Scope, name: string): Bench {
  return {
    id: `audit.verify-cli-${scope}`,
    name,
    unit: 'events/s',
    // 100,000 events in 2 seconds, the start of the process included.
    target: { value: events / 2 },
    run: async () => {
      const files = await filesOf(scope);
      return {
        value: events / secondsOf(verifyWords(files), { isPinned: false }),
        baseline: events / secondsOf(['-e', hashingProgram, files.export], { isPinned: false }),
      };
    },
  };
}

export const benches: readonly Bench[] = [
  verifyBench('all', 'qv audit verify, 100,000 events, whole log'),
  verifyBench('tenant', 'qv audit verify, 100,000 events, own part'),
  {
    id: 'audit.verify-per-core',
    name: 'Audit leaves verified on one core',
    unit: 'events/s',
    target: { value: 100_000 },
    run: async () => {
      const files = await filesOf('all');
      const start = secondsOf(qv('--version'), { isPinned: true });
      const hashing = secondsOf(['-e', hashingProgram, files.export], { isPinned: true });
      const bare = secondsOf(['-e', '0'], { isPinned: true });
      return {
        value: events / (secondsOf(verifyWords(files), { isPinned: true }) - start),
        baseline: events / (hashing - bare),
      };
    },
  },
];
