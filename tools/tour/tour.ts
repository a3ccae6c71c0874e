/**
 * The main job of the product, told from beginning to end: find, rank, protect, prove (INV-1 to INV-9, AUD-6).
 * Each step says what it does, runs the command that a person would type, and checks what came of it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Guide, type TourLine } from './guide.ts';
import { type Stage, TourError, tourPorts } from './stage.ts';

interface Scan {
  readonly versions: readonly string[];
  readonly groups: readonly string[];
  readonly chain: readonly { readonly keyAlgorithm: string }[];
  readonly provenGroup: string | null;
}

interface Asset {
  readonly endpoint: string;
  readonly risk: { readonly score: number; readonly band: string };
}

export interface TourOptions {
  readonly stage: Stage;
  /** The stage starts QuantumVault itself; else it runs already. */
  readonly isOwn: boolean;
  /** The README's ports where they are free; else the servers take any. */
  readonly usesUsualPorts: boolean;
  readonly print: (line: TourLine) => void;
}

/** Takes the tour; throws `TourError` at the first promise that is not kept. Resolves to the number of those that were. */
export async function takeTour({ stage, isOwn, usesUsualPorts, print }: TourOptions): Promise<number> {
  const guide = new Guide(stage, print);
  const [classical, hybrid, mlDsa] = await tourPorts(usesUsualPorts);
  await open(guide, stage, { classical, hybrid, mlDsa, isOwn });
  const before = await findAndRank(guide, [classical, hybrid, mlDsa]);
  await protect(guide, stage, classical);
  await prove(guide, classical, before);
  await verifyLog(guide, stage);
  return guide.checks;
}

interface Opening {
  readonly classical: number;
  readonly hybrid: number;
  readonly mlDsa: number;
  readonly isOwn: boolean;
}

async function open(guide: Guide, stage: Stage, { classical, hybrid, mlDsa, isOwn }: Opening): Promise<void> {
  guide.heading('QuantumVault: find, rank, protect, prove');
  if (isOwn) {
    guide.say('A QuantumVault of its own starts in a temporary folder, with its own PostgreSQL.');
    guide.typed('npm start');
    await stage.startInstallation();
  } else {
    guide.say('The QuantumVault that runs here is used; it keeps the assets and the log entries of this tour.');
  }
  guide.say(
    'Three TLS servers: one as most are today, one with hybrid key exchange, one with an ML-DSA certificate too.',
  );
  guide.typed(`npm run example:tls -- --port ${classical}`);
  guide.typed(`npm run example:tls -- --port ${hybrid} --kind hybrid`);
  guide.typed(`npm run example:tls -- --port ${mlDsa} --kind ml-dsa`);
  await Promise.all([
    stage.startServer({ port: classical, kind: 'classical' }),
    stage.startServer({ port: hybrid, kind: 'hybrid' }),
    stage.startServer({ port: mlDsa, kind: 'ml-dsa' }),
  ]);
}

/** What the tour shows of a scan and of an asset; the rest is for another day. */
const endpointLines: readonly RegExp[] = [/^localhost:/, /^ {2}(versions|groups|negotiated) /, /^ {4}key /];
const assetLines: readonly RegExp[] = [/^(risk|protection) /, /^ {2}(in time|read later) /];

const place = (port: number): string => `localhost:${port}`;

const scoreOf = (asset: Asset | undefined): number => asset?.risk.score ?? 0;

async function assetAt(guide: Guide, port: number): Promise<Asset> {
  const assets = await guide.facts<readonly Asset[]>('assets', 'list', '--sort', 'risk');
  const asset = assets.find(({ endpoint }) => endpoint === place(port));
  if (asset === undefined) throw new TourError(`${place(port)} is not in the inventory`);
  return asset;
}

/** Resolves to the risk of the classical server, for the comparison at the end. */
async function findAndRank(guide: Guide, ports: readonly [number, number, number]): Promise<number> {
  const targets = ports.map(place);
  const [classical] = ports;
  guide.heading('1. Find');
  guide.say('Scan them and keep what was found. Their data are restricted, and secret for fifteen years.');
  const importance = ['--sensitivity', 'restricted', '--exposure', 'internet', '--lifetime', '15'];
  await guide.qv(['scan', 'tls', ...targets, '--save', ...importance], {
    show: [...endpointLines, /^ {2}risk /],
  });
  const scans = await guide.facts<readonly Scan[]>('scan', 'tls', ...targets);
  const [today, exchange, certificate] = scans;
  const isPostQuantum = (name: string): boolean => /MLKEM/.test(name);
  guide.expect('the classical server has no post-quantum group', today?.groups.some(isPostQuantum) === false);
  guide.expect(
    'the hybrid one prefers X25519MLKEM768, and a real handshake has used it',
    exchange?.groups[0] === 'X25519MLKEM768' && exchange.provenGroup === 'X25519MLKEM768',
  );
  guide.expect('the third has an ML-DSA-65 certificate', certificate?.chain[0]?.keyAlgorithm === 'ML-DSA-65');

  guide.heading('2. Rank');
  guide.say('The riskiest first: what is recorded there today can be read once a quantum computer exists.');
  await guide.qv(['assets', 'list', '--sort', 'risk']);
  const ranked = await guide.facts<readonly Asset[]>('assets', 'list', '--sort', 'risk');
  // An installation that runs already has assets of its own between them.
  const ours = ranked.filter(({ endpoint }) => targets.includes(endpoint));
  guide.expect(
    'classical ranks above hybrid, hybrid above hybrid with ML-DSA',
    ours.map(({ endpoint }) => endpoint).join() === targets.join() && new Set(ours.map(scoreOf)).size === 3,
  );
  await guide.qv(['assets', 'show', place(classical)], { show: assetLines });
  return scoreOf(ours[0]);
}

async function protect(guide: Guide, stage: Stage, port: number): Promise<void> {
  guide.heading('3. Protect');
  guide.say('A job makes key, certificate and server options with hybrid key exchange; they are served in its place.');
  await guide.qv(['protect', place(port), '--policy', 'hybrid-default', '--out', 'bundle'], {
    show: [/ are made\./, /^wrote /],
  });
  await stage.stopServer(port);
  guide.typed(`npm run example:tls -- --port ${port} --bundle bundle`);
  await stage.startServer({ port, bundle: 'bundle' });
}

async function prove(guide: Guide, port: number, before: number): Promise<void> {
  guide.heading('4. Prove');
  guide.say('Scan again: not what was configured counts, but what the server does.');
  await guide.qv(['scan', 'tls', place(port), '--save'], { show: endpointLines });
  const [scan] = await guide.facts<readonly Scan[]>('scan', 'tls', place(port));
  guide.expect(
    'the endpoint now agrees on X25519MLKEM768 in a real handshake',
    scan?.groups[0] === 'X25519MLKEM768' && scan.provenGroup === 'X25519MLKEM768',
  );
  await guide.qv(['assets', 'show', place(port)], { show: assetLines });
  const after = scoreOf(await assetAt(guide, port));
  guide.expect(`its risk has fallen from ${before.toFixed(1)} to ${after.toFixed(1)}`, after < before);
}

async function verifyLog(guide: Guide, stage: Stage): Promise<void> {
  guide.say('Each step is a leaf of a Merkle log. Take it home and verify it without the server.');
  const outside = relative(stage.folder, join(stage.dataDir, 'checkpoints'));
  const trust = ['--checkpoint', `${outside}/latest`, '--tiles', `${outside}/tiles`, '--key', `${outside}/log.vkey`];
  await guide.qv(['audit', 'export', '--out', 'audit.jsonl']);
  const verified = await guide.qv(['audit', 'verify', 'audit.jsonl', ...trust]);
  guide.expect('the log verifies offline', /^VALID$/m.test(verified));
  guide.say('Now somebody changes one letter of one entry.');
  const leaf = forge(join(stage.folder, 'audit.jsonl'), join(stage.folder, 'forged.jsonl'));
  const refused = await guide.qv(['audit', 'verify', 'forged.jsonl', ...trust], {
    exitCode: 1,
    show: [/^INVALID/, /first bad leaf/],
  });
  guide.expect(`the forgery is found, at leaf ${leaf}`, refused.includes(`first bad leaf: ${leaf}\n`));
}

/** Changes one letter in the middle of the last entry; returns the entry's index. */
function forge(source: string, target: string): number {
  const bytes = readFileSync(source);
  const text = bytes.toString('latin1');
  const at = text.lastIndexOf('\n{"index":') + 1;
  const index = Number(/^\{"index":(\d+),/.exec(text.slice(at))?.[1]);
  const place = text.indexOf('"leaf"', at) + 60;
  bytes.writeUInt8(bytes.readUInt8(place) === 0x41 ? 0x42 : 0x41, place);
  writeFileSync(target, bytes);
  return index;
}
