import type { AssetProtectionView, AssetScanView, AssetView } from '@quantumvault/api';

type Profile = NonNullable<AssetView['encryptionProfile']>;

/** What was known of an asset at one time. */
export interface Sight {
  readonly at: string;
  /** null: no scan saw it, so nothing is known beyond the profile. */
  readonly facts: NonNullable<AssetScanView['facts']> | null;
  readonly profile: Pick<Profile, 'uses' | 'source'> | null;
}

export interface BeforeAfter {
  readonly before: Sight | null;
  /** null: what was made is not seen in use yet. */
  readonly after: Sight | null;
}

/** The last that was known before a protection, and the newest that is known since. */
export function beforeAndAfter(
  asset: Pick<AssetView, 'encryptionProfile' | 'evidence'>,
  protection: Pick<AssetProtectionView, 'createdAt' | 'formerProfile'>,
  times: readonly AssetScanView[],
): BeforeAfter {
  const { createdAt, formerProfile } = protection;
  const seen = times.flatMap(({ recordedAt, facts }) =>
    recordedAt === null || facts === null ? [] : [{ at: recordedAt, facts }],
  );
  // Newest first, as the listing gives them; instants of one form compare as texts.
  const earlier = seen.find(({ at }) => at < createdAt);
  const later = seen.find(({ at }) => at > createdAt);
  const before =
    earlier === undefined && formerProfile === null
      ? null
      : {
          at: earlier?.at ?? formerProfile?.observedAt ?? createdAt,
          facts: earlier?.facts ?? null,
          profile: formerProfile,
        };
  const { encryptionProfile: profile, evidence } = asset;
  const isSeenSince = evidence !== null && evidence.observedAt > createdAt;
  const isMade = profile?.source === 'protection' && profile.observedAt >= createdAt;
  const after =
    profile !== null && (isSeenSince || isMade)
      ? { at: profile.observedAt, facts: later?.facts ?? factsOf(isSeenSince ? evidence : null), profile }
      : null;
  return { before, after };
}

function factsOf(evidence: AssetView['evidence']): Sight['facts'] {
  if (evidence === null) return null;
  const { versions, suites, groups, preference, chain, findings } = evidence.scan;
  const certificate = chain[0]?.fingerprint256 ?? null;
  return { versions, suites, groups, preference, certificate, findings: findings.map(({ id }) => id) };
}

export interface ComparedLine {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly differs: boolean;
}

const unknown = 'not known';

/** The lines of two columns; what neither side knows has no line. */
export function comparedLines({ before, after }: BeforeAfter): readonly ComparedLine[] {
  const used = (role: Profile['uses'][number]['role']) => (sight: Sight | null) =>
    sight?.profile?.uses
      .filter((use) => use.role === role)
      .map(({ algorithm }) => algorithm)
      .join(', ');
  const seen = (name: 'versions' | 'groups' | 'suites' | 'findings') => (sight: Sight | null) =>
    sight?.facts == null ? undefined : sight.facts[name].join(', ') || 'none';
  const lines: readonly (readonly [name: string, of: (sight: Sight | null) => string | undefined])[] = [
    ['Key exchange', used('key-establishment')],
    ['Signature', used('signature')],
    ['Encryption', used('encryption')],
    ['Versions', seen('versions')],
    ['Groups', seen('groups')],
    ['Suites', seen('suites')],
    ['Certificate', (sight) => sight?.facts?.certificate ?? undefined],
    ['Findings', seen('findings')],
  ];
  return lines.flatMap(([name, of]) => {
    const [left, right] = [of(before) || undefined, of(after) || undefined];
    if (left === undefined && right === undefined) return [];
    const isBoth = left !== undefined && right !== undefined;
    return [{ name, before: left ?? unknown, after: right ?? unknown, differs: isBoth && left !== right }];
  });
}
