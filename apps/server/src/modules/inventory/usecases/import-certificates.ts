import type { AssetView } from '@quantumvault/api';
import { findAlgorithm, findPublicKeyAlgorithm, sha256 } from '@quantumvault/crypto';
import { type AssessedCertificate, assessCertificate, profileOfCertificate } from '@quantumvault/inventory';
import { PkiError } from '@quantumvault/pki';
import type { Actor } from '../../../kernel/actor.ts';
import type { Authorize } from '../../../kernel/authorize.ts';
import type { Clock } from '../../../kernel/clock.ts';
import type { AssetId, EnvironmentId, NewId } from '../../../kernel/ids.ts';
import type { UnitOfWork, WriteTransaction } from '../../../kernel/unit-of-work.ts';
import { authorizeDefault } from '../authorize-default.ts';
import { assetView, type Classification, riskOf, type StoredAsset } from '../domain/asset.ts';
import { inventoryErrors } from '../domain/errors.ts';
import { placeOfNew } from '../domain/place-of-new.ts';
import type { AssetRepository } from '../ports/asset-repository.ts';

export interface ImportCertificatesInput extends Classification {
  /** DER in base64. */
  readonly certificates: readonly string[];
  readonly environmentId?: string | undefined;
}

const sha256Hex = (bytes: Uint8Array): string => Buffer.from(sha256(bytes)).toString('hex');
const nameCharactersMax = 200;

/**
 * Stores certificates that were found in files (INV-4) as assets, each once by its SHA-256. They are read here: only the
 * certificate itself is taken from the caller. Throws `INVENTORY_CERTIFICATE_INVALID` or `INVENTORY_ENVIRONMENT_UNKNOWN`.
 */
export class ImportCertificates {
  readonly #authorize: Authorize;
  readonly #uow: UnitOfWork;
  readonly #assets: AssetRepository;
  readonly #newId: NewId;
  readonly #clock: Clock;
  constructor(options: { authorize: Authorize; uow: UnitOfWork; assets: AssetRepository; newId: NewId; clock: Clock }) {
    this.#authorize = options.authorize;
    this.#uow = options.uow;
    this.#assets = options.assets;
    this.#newId = options.newId;
    this.#clock = options.clock;
  }

  async execute(actor: Actor, input: ImportCertificatesInput): Promise<{ items: AssetView[] }> {
    await this.#authorize(actor, 'asset.scan', placeOfNew(actor, input.environmentId));
    const parts = { authorize: this.#authorize, uow: this.#uow, assets: this.#assets };
    const { environmentId: named } = input;
    const judged = await authorizeDefault(parts, actor, { action: 'asset.scan', environmentId: named });
    const now = this.#clock.now();
    const assessed = new Map(
      input.certificates
        .map((base64, index) => assess(base64, index, now))
        .map((certificate) => [certificate.fingerprint256, certificate]),
    );
    const { sensitivity, exposure, dataLifetimeYears } = input;
    const classification = { sensitivity, exposure, dataLifetimeYears };
    return this.#uow.write(actor, async (tx) => {
      const environmentId = await this.#assets.environment(tx, judged ?? null);
      if (environmentId === null) throw inventoryErrors.INVENTORY_ENVIRONMENT_UNKNOWN();
      const items: AssetView[] = [];
      // One order for all writers, so that two imports never wait for each other in a circle.
      for (const [, certificate] of [...assessed].sort(([left], [right]) => (left < right ? -1 : 1))) {
        const stored = await this.#record(tx, certificate, { environmentId, classification, now });
        if (stored !== null) items.push(assetView(stored));
      }
      return { items };
    });
  }

  async #record(
    tx: WriteTransaction,
    certificate: AssessedCertificate,
    found: { readonly environmentId: EnvironmentId; readonly classification: Classification; readonly now: Date },
  ): Promise<StoredAsset | null> {
    const encryptionProfile = profileOfCertificate(certificate, found.now.toISOString());
    const identity = {
      environmentId: found.environmentId,
      type: 'certificate',
      endpoint: `sha256:${certificate.fingerprint256}`,
    } as const;
    const certificateEndsAt = new Date(certificate.facts.notAfter);
    const inserted = await this.#assets.insert(tx, {
      id: this.#newId<AssetId>(),
      ...identity,
      name: nameOf(certificate),
      owner: null,
      tags: [],
      ...found.classification,
      encryptionProfile,
      evidence: null,
      risk: riskOf({ ...found.classification, type: 'certificate', encryptionProfile }),
      certificateEndsAt,
    });
    const known = inserted ?? (await this.#assets.findByIdentityForUpdate(tx, identity));
    // Archived between the two statements: the next import finds it as a new one.
    if (known === null) return null;
    const asset =
      inserted ??
      (await this.#assets.change(tx, known.id, {
        encryptionProfile: { ...encryptionProfile, ...policyOf(known) },
        risk: riskOf({ ...known, encryptionProfile }),
        isSeenNow: true,
        certificateEndsAt,
      }));
    await tx.audit({
      action: inserted === null ? 'asset.observed' : 'asset.discovered',
      resource: { type: 'asset', id: asset.id },
      details: {
        assetType: 'certificate',
        source: 'cli-scan',
        findings: certificate.findings.length,
        riskBand: asset.risk.band,
      },
    });
    return asset;
  }
}

const policyOf = ({ encryptionProfile }: StoredAsset) =>
  encryptionProfile?.appliedPolicy === undefined ? {} : { appliedPolicy: encryptionProfile.appliedPolicy };

function assess(base64: string, index: number, now: Date): AssessedCertificate {
  try {
    return assessCertificate(new Uint8Array(Buffer.from(base64, 'base64')), {
      registry: { findAlgorithm, findPublicKeyAlgorithm },
      sha256Hex,
      now,
    });
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    throw inventoryErrors.INVENTORY_CERTIFICATE_INVALID({
      detail: `Certificate ${index + 1} cannot be read: ${error.message}`,
      cause: error,
    });
  }
}

/** What people know it by: its first DNS name, else its subject, else its fingerprint. */
function nameOf({ dnsNames, facts, fingerprint256 }: AssessedCertificate): string {
  const [dns] = dnsNames.filter((name) => name.trim() !== '');
  const name = dns ?? (facts.subject === '' ? `certificate ${fingerprint256.slice(0, 16)}` : facts.subject);
  return name.replace(/\p{C}/gu, '?').slice(0, nameCharactersMax);
}
