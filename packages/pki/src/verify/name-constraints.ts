import { derMalformed, latin1 } from '../der/reader.ts';
import { PkiError } from '../errors.ts';
import { decodeText, readName } from '../names/distinguished-name.ts';
import type { GeneralName, GeneralNameKind } from '../names/general-names.ts';
import { foldName, sameBytes } from '../names/write-name.ts';
import type { NameConstraints } from '../x509/extension-values.ts';

/** All names that a certificate claims: the subject, its mail addresses, and the alternative names. */
export interface ClaimedNames {
  /** Content of the subject's Name; an empty one claims nothing. */
  readonly subject: Uint8Array;
  readonly alternatives: readonly GeneralName[];
}

/** Comparisons left; one path has one budget, because names times constraints is a product that strangers choose. */
export interface ComparisonBudget {
  left: number;
}

export const comparisonsMax = 250_000;

const emailOid = '1.2.840.113549.1.9.1';

/**
 * The first name that the constraints of an authority above do not allow (RFC 5280 section 4.2.1.10), as text for people;
 * undefined when all are allowed. A name that cannot be judged is not allowed.
 * Throws `PKI_DER_MALFORMED` for broken constraints and `PKI_LIMIT_EXCEEDED` when there are too many.
 */
export function findForbiddenName(
  constraints: NameConstraints,
  claimed: ClaimedNames,
  budget: ComparisonBudget = { left: comparisonsMax },
): string | undefined {
  for (const name of everyName(claimed)) {
    const permitted = constraints.permitted.filter(({ kind }) => kind === name.kind);
    const excluded = constraints.excluded.filter(({ kind }) => kind === name.kind);
    if (permitted.length + excluded.length === 0) continue;
    budget.left -= permitted.length + excluded.length;
    if (budget.left < 0) throw new PkiError('PKI_LIMIT_EXCEEDED', 'There are too many names and name constraints.');
    const matcher = matchers[name.kind];
    if (matcher === undefined) return `a name of the kind ${name.kind}, which cannot be checked`;
    const isMatch = matcher(name.content);
    if (isMatch === undefined) return `${describeName(name)}, which is not well formed`;
    if (excluded.some(({ content }) => isMatch(content, true))) return describeName(name);
    if (permitted.length > 0 && !permitted.some(({ content }) => isMatch(content, false))) return describeName(name);
  }
  return undefined;
}

function everyName({ subject, alternatives }: ClaimedNames): readonly GeneralName[] {
  const mails = readName(subject)
    .flat()
    .filter(({ type }) => type === emailOid)
    .map(({ text }): GeneralName => ({ kind: 'email', content: new TextEncoder().encode(text ?? '') }));
  const directory: readonly GeneralName[] = subject.length === 0 ? [] : [{ kind: 'directory', content: subject }];
  return [...directory, ...mails, ...alternatives];
}

/** Prepares one name; undefined when it is ill formed. The answer says whether a constraint covers it. */
type Matcher = (name: Uint8Array) => ((constraint: Uint8Array, isExclusion: boolean) => boolean) | undefined;

const matchers: Readonly<Partial<Record<GeneralNameKind, Matcher>>> = {
  dns: matchDns,
  email: matchEmail,
  uri: matchUri,
  address: matchAddress,
  directory: (name) => {
    const folded = foldName(name);
    if (folded === undefined) return undefined;
    return (constraint) => {
      // Relative names are whole elements, so a prefix of bytes ends between two of them.
      const prefix = foldName(constraint);
      if (prefix === undefined) throw derMalformed('a name constraint with too many attributes');
      return sameBytes(folded.subarray(0, prefix.length), prefix);
    };
  },
};

const host = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

function matchDns(name: Uint8Array): ReturnType<Matcher> {
  const text = latin1(name).toLowerCase().replace(/\.$/, '');
  const isWild = text.startsWith('*.');
  if (!host.test(isWild ? text.slice(2) : text)) return undefined;
  return (constraint, isExclusion) => {
    const base = latin1(constraint).toLowerCase();
    if (coversHost(base, text)) return true;
    // "*.example.org" stands for the excluded "a.example.org" too.
    const rest = base.replace(/^\./, '');
    return isExclusion && isWild && rest.endsWith(text.slice(1)) && !rest.slice(0, -text.length + 1).includes('.');
  };
}

/** A constraint covers the host itself and all below; with a dot in front only what is below. */
function coversHost(constraint: string, name: string): boolean {
  if (constraint === '') return true;
  if (constraint.startsWith('.')) return name.endsWith(constraint);
  return name === constraint || name.endsWith(`.${constraint}`);
}

function matchEmail(name: Uint8Array): ReturnType<Matcher> {
  const text = latin1(name);
  const at = text.lastIndexOf('@');
  const domain = text.slice(at + 1).toLowerCase();
  if (at < 1 || !host.test(domain)) return undefined;
  return (constraint) => {
    const wanted = latin1(constraint);
    const wantedAt = wanted.lastIndexOf('@');
    if (wantedAt === -1) return exactOrBelow(wanted.toLowerCase(), domain);
    return text.slice(0, at) === wanted.slice(0, wantedAt) && domain === wanted.slice(wantedAt + 1).toLowerCase();
  };
}

// For mail and URIs, unlike DNS names, a constraint without a dot in front is one host.
const exactOrBelow = (constraint: string, name: string): boolean =>
  constraint === '' || (constraint.startsWith('.') ? name.endsWith(constraint) : name === constraint);

function matchUri(name: Uint8Array): ReturnType<Matcher> {
  const text = latin1(name);
  const authority = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#:@[\]]+)(?::\d*)?(?:[/?#]|$)/i.exec(text)?.[1];
  const domain = authority?.toLowerCase();
  // An address instead of a host is ill formed here (RFC 5280 section 4.2.1.10).
  if (domain === undefined || !host.test(domain) || /^[\d.]+$/.test(domain)) return undefined;
  return (constraint) => exactOrBelow(latin1(constraint).toLowerCase(), domain);
}

function matchAddress(name: Uint8Array): ReturnType<Matcher> {
  if (name.length !== 4 && name.length !== 16) return undefined;
  return (constraint) => {
    if (constraint.length !== 8 && constraint.length !== 32) throw derMalformed('an address range of bad length');
    if (constraint.length !== name.length * 2) return false;
    return name.every((byte, index) => {
      const mask = constraint[name.length + index] ?? 0;
      return (byte & mask) === ((constraint[index] ?? 0) & mask);
    });
  };
}

function describeName({ kind, content }: GeneralName): string {
  if (kind === 'address') return `the address ${content.join('.')}`;
  if (kind === 'directory') return 'its subject or directory name';
  const text = decodeText(0x0c, content) ?? '';
  return `the ${kind} name ${JSON.stringify(text.slice(0, 80))}`;
}
