/** What one complete answer makes worth asking next. */
import { findSuiteByCodePoint } from '../tls/cipher-suites.ts';
import { isProvable } from '../tls/client-shares.ts';
import { groupName } from '../tls/named-groups.ts';
import { pickedSuite } from './absorb.ts';
import { beginEnumeration, type Enumeration, preferenceProbe, sharesOf } from './enumeration.ts';
import { isEcdhe, type Probe, type ProbeOutcome, suitesOf } from './probes.ts';
import type { ScanState } from './scan-state.ts';

interface FollowUp {
  readonly enumerations: readonly Enumeration[];
  readonly probes: readonly Probe[];
}

/** TLS 1.3 is there: list its suites, beginning behind the one that came with the first group. */
export function questionsAboutTls13(groups: Enumeration, outcome: ProbeOutcome): readonly Enumeration[] {
  const suite = pickedSuite(outcome);
  const [group] = groups.found;
  const needsShares = sharesOf(groups).length > 0;
  // Who did not take the full list of groups would not take it beside another question either.
  const needsFew = groups.rung > 0 && group !== undefined;
  return [
    beginEnumeration({
      id: 'tls13-suites',
      subject: 'suites',
      version: 'TLSv1.3',
      found: suite === undefined ? [] : [suite],
      fixed: needsFew ? { groups: [group], ...(needsShares ? { shares: [group] } : {}) } : {},
    }),
  ];
}

/** An enumeration is at its end: who orders the list, what of it works, and what it opens. */
export function followCompletion(state: ScanState, enumeration: Enumeration): FollowUp {
  const { id, found } = enumeration;
  const probes: Probe[] = found.length > 1 ? [preferenceProbe(enumeration)] : [];
  if (id === 'tls13-groups') probes.push(...proofs(state, enumeration));
  const ecdhe = found.filter((suite) => {
    const facts = findSuiteByCodePoint(suite);
    return facts !== undefined && isEcdhe(facts);
  });
  const enumerations =
    id === 'TLSv1.2' && ecdhe.length > 0
      ? [beginEnumeration({ id: 'tls12-groups', subject: 'groups', version: 'TLSv1.2', fixed: { suites: ecdhe } })]
      : [];
  // Without TLS 1.3 the ServerHello names the application protocol in clear.
  if (id === 'TLSv1.2' && found.length > 0 && !state.versions.includes('TLSv1.3')) {
    probes.push({ ...preferenceProbe(enumeration), id: 'alpn', purpose: 'alpn', suites: found, alpn: askedProtocols });
  }
  return { enumerations, probes };
}

/** The application protocols that a web server chooses from. */
export const askedProtocols: readonly string[] = ['h2', 'http/1.1'];

/** A handshake for each group that was named and not yet proven, and one that shows whether a share steers the pick. */
function proofs(state: ScanState, { found }: Enumeration): readonly Probe[] {
  const provable = found.filter(isProvable);
  const base = { versions: ['TLSv1.3'] as const, suites: suitesOf('TLSv1.3') };
  const least = provable.at(-1);
  const steering: readonly Probe[] =
    found.length > 1 && least !== undefined && least !== found[0]
      ? [{ ...base, id: 'key-share', purpose: 'key-share', groups: found, shares: [least], proves: false }]
      : [];
  const unproven = provable.filter((group) => !state.proven.includes(group));
  return [
    ...unproven.map(
      (group): Probe => ({
        ...base,
        id: `handshake-${groupName(group)}`,
        purpose: 'prove',
        groups: [group],
        shares: [group],
        proves: true,
      }),
    ),
    ...steering,
  ];
}
