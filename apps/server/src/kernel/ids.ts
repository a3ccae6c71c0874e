import { randomBytes } from '@quantumvault/crypto';

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

// Ids that could be swapped by accident have different types; each is a UUID in lower case.
export type TenantId = Branded<'TenantId'>;
export type ActorId = Branded<'ActorId'>;
export type EnvironmentId = Branded<'EnvironmentId'>;
export type AssetId = Branded<'AssetId'>;
export type FindingId = Branded<'FindingId'>;
export type PolicyId = Branded<'PolicyId'>;
export type JobId = Branded<'JobId'>;
export type ArtifactId = Branded<'ArtifactId'>;
export type EventId = Branded<'EventId'>;
export type ApiKeyId = Branded<'ApiKeyId'>;
export type GrantId = Branded<'GrantId'>;
export type RoleId = Branded<'RoleId'>;
export type SubjectKeyId = Branded<'SubjectKeyId'>;
export type LeaseToken = Branded<'LeaseToken'>;

/** Events that belong to no organization (start, stop, refusals before a tenant is known) carry the nil UUID. */
export const platformTenantId = '00000000-0000-0000-0000-000000000000' as TenantId;

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Brands text that a schema or the database has given as an id; throws on anything that is not a UUID in lower case. */
export function idFrom<Id extends string>(text: string): Id {
  if (!uuidPattern.test(text)) throw new TypeError('not a UUID in lower case');
  return text as Id;
}

/** The 16 bytes of an id, as the audit leaf carries them. */
export function idBytes(id: string): Uint8Array {
  return new Uint8Array(Buffer.from(idFrom<string>(id).replaceAll('-', ''), 'hex'));
}

export function idFromBytes<Id extends string>(bytes: Uint8Array): Id {
  const hex = Buffer.from(bytes).toString('hex');
  return idFrom<Id>(
    `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`,
  );
}

export type NewId = <Id extends string>() => Id;

/**
 * UUID version 7 (RFC 9562): 48 bits of milliseconds, then random bits. Made here and not by the database, because
 * `uuidv7()` does not exist before PostgreSQL 18. Within one process ids rise: a counter fills the 12 bits behind the time.
 */
export function uuidV7Source(nowMs: () => number): NewId {
  let lastMs = 0;
  let counter = 0;
  return <Id extends string>() => {
    const now = nowMs();
    if (now > lastMs) {
      lastMs = now;
      counter = 0;
    } else if (++counter > 0xfff) {
      // More than 4,096 ids in a millisecond, or a clock that went back: borrow from the next millisecond.
      lastMs += 1;
      counter = 0;
    }
    const bytes = Buffer.from(randomBytes(16));
    bytes.writeUIntBE(lastMs, 0, 6);
    bytes.writeUInt16BE(0x7000 | counter, 6);
    bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
    return idFromBytes<Id>(bytes);
  };
}
