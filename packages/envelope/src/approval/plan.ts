/*
 * What an approval is bound to (docs/spec/approval-statement.md): one encoding of the exact plan, and its hash. Server and
 * approver compute it each for himself. Danger: whatever the server does and the plan does not say, nobody has approved.
 */
import { type CborValue, encodeCbor } from '@quantumvault/cbor';
import { sha256 } from '@quantumvault/crypto';
import { need } from '../errors.ts';

/** JSON without fractions: every value has one encoding. */
export type PlanValue =
  | string
  | number
  | boolean
  | null
  | readonly PlanValue[]
  | { readonly [field: string]: PlanValue };

/** One operation on one resource of one organization, with everything that it will do. */
export interface ApprovalPlan {
  /** UUID of the organization. */
  readonly tenant: string;
  /** `noun.verb` of the operation. */
  readonly operation: string;
  readonly resource: { readonly type: string; readonly id: string };
  readonly plan: { readonly [field: string]: PlanValue };
}

/** No plan is longer in its encoding: a person has to read it. */
export const planBytesMax = 65_536;

const label = new TextEncoder().encode('quantumvault/approval-plan/v1\n');
const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const depthMax = 6;

/** The 16 bytes of a UUID in lower-case canonical text. Throws MALFORMED. */
export function uuidBytes(text: string): Uint8Array {
  need(uuidPattern.test(text), 'ENVELOPE_MALFORMED', 'an id of an approval is a UUID in lower-case canonical text');
  return Uint8Array.from(text.replaceAll('-', '').match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

function cborOf(value: PlanValue, depth: number): CborValue {
  need(depth <= depthMax, 'ENVELOPE_LIMIT', `a plan is nested at most ${depthMax} deep`);
  if (typeof value === 'string') {
    need(value.isWellFormed(), 'ENVELOPE_MALFORMED', 'a text of the plan has an unpaired surrogate');
    return value;
  }
  if (typeof value === 'number') {
    // Minus zero is an integer that JSON does not tell from zero.
    const isInteger = Number.isSafeInteger(value) && !Object.is(value, -0);
    need(isInteger, 'ENVELOPE_MALFORMED', 'a number of the plan is not an integer');
    return value;
  }
  if (typeof value === 'boolean' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: PlanValue) => cborOf(item, depth + 1));
  need(typeof value === 'object', 'ENVELOPE_MALFORMED', 'a plan is made of JSON values');
  const entries = Object.entries(value).map(([name, item]): [string, CborValue] => {
    need(name.isWellFormed(), 'ENVELOPE_MALFORMED', 'a name of the plan has an unpaired surrogate');
    return [name, cborOf(item, depth + 1)];
  });
  return new Map(entries);
}

/** The only encoding of a plan (APR-1). Throws MALFORMED and LIMIT. */
export function encodePlan({ tenant, operation, resource, plan }: ApprovalPlan): Uint8Array {
  const bytes = encodeCbor([uuidBytes(tenant), operation, [resource.type, resource.id], cborOf(plan, 1)]);
  need(bytes.length <= planBytesMax, 'ENVELOPE_LIMIT', `an encoded plan has at most ${planBytesMax} bytes`);
  return bytes;
}

/** APR-2: 32 bytes that name the exact plan. Throws as {@link encodePlan} does. */
export function planHash(plan: ApprovalPlan): Uint8Array {
  const bytes = encodePlan(plan);
  const labelled = new Uint8Array(label.length + bytes.length);
  labelled.set(label);
  labelled.set(bytes, label.length);
  return sha256(labelled);
}

/** What cannot be seen, or is not what it looks like: controls, halves of characters, other ends of lines, other spaces, and what is left out of sight. */
const unseen = '[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}\\u2800]|(?! )\\p{Zs}';
/** Spaces that a page leaves out, and the fifth mark over one letter, which would reach into other lines. */
const outOfLine = '^ | $|(?<= ) |(?<=\\p{M}{4})\\p{M}';
/** A text that looks like a mark that is shown. */
const likeShown = '\\\\(?=u\\{)';
const escapedInLine = new RegExp(`${unseen}|${outOfLine}|${likeShown}`, 'gu');

/**
 * A text of somebody else within a line for people. What would end the line, turn the direction of what follows (UAX 9) or cannot be
 * seen is shown as `\u{202e}`: the sentence around a name must read as it was written, and two names must not look the same for
 * what nobody sees. Letters that look alike stay.
 */
export const plainText = (text: string): string =>
  text.replace(escapedInLine, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);

/** The plan for people: every field of it with its path, so that nothing can stand in a plan and not be shown. */
export function planLines(plan: ApprovalPlan['plan']): string[] {
  const lines: string[] = [];
  const walk = (path: string, value: PlanValue): void => {
    if (Array.isArray(value)) {
      if (value.length === 0) lines.push(`${path}: none`);
      value.forEach((item: PlanValue, at: number) => {
        walk(`${path} ${at + 1}`, item);
      });
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, item] of Object.entries(value)) walk(path === '' ? name : `${path}.${name}`, item);
    } else lines.push(`${path}: ${value === null ? '-' : plainText(String(value))}`);
  };
  walk('', plan);
  return lines;
}
