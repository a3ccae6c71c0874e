import { findGroup, isPostQuantumGroup } from '../tls/named-groups.ts';
import { type FindingRule, hasTls, isOpen, list } from './rule.ts';

/** Rules on key exchange: strength today, and against a quantum computer. */
export const keyExchangeRules: readonly FindingRule[] = [
  {
    id: 'tls-no-pq-group',
    severity: 'high',
    when: 'TLS was negotiated, all groups were asked for, and none of the answers is post-quantum.',
    check: (input) => {
      const { groups } = input.result;
      if (!hasTls(input) || groups.some(isPostQuantumGroup) || isOpen(input.result, 'tls13-groups')) return undefined;
      return {
        message: 'No post-quantum group is offered: traffic recorded today can be read once a quantum computer exists.',
        evidence: groups.length === 0 ? 'groups: none seen' : `groups: ${list(groups)}`,
      };
    },
    remedy: 'Offer X25519MLKEM768 (SecP384r1MLKEM1024 for CNSA 2.0) before the classical groups.',
  },
  {
    id: 'tls-classical-preferred',
    severity: 'medium',
    when: 'A post-quantum group is offered, and the server’s own order puts a classical one first.',
    check: ({ result: { groups, preference } }) => {
      const [first] = groups;
      const postQuantum = groups.filter(isPostQuantumGroup);
      if (first === undefined || postQuantum.length === 0 || preference === 'client') return undefined;
      return isPostQuantumGroup(first)
        ? undefined
        : {
            message: `The server prefers ${first} although it offers a post-quantum group.`,
            evidence: `order: ${list(groups)}; preference: ${preference}`,
          };
    },
    remedy: 'Put the post-quantum group first in the server’s group list.',
  },
  {
    id: 'tls-draft-group',
    severity: 'medium',
    when: 'A Kyber draft group was picked.',
    check: ({ result }) => {
      const drafts = result.groups.filter((name) => name.includes('Kyber'));
      return drafts.length === 0
        ? undefined
        : {
            message: `${list(drafts)} is a draft that the final standard replaced.`,
            evidence: `groups: ${list(drafts)}`,
          };
    },
    remedy: 'Update the TLS library and use X25519MLKEM768.',
  },
  {
    id: 'tls-not-cnsa2',
    severity: 'info',
    when: 'Post-quantum groups are offered, and none of them is CNSA 2.0.',
    check: ({ result }) => {
      const offered = result.groups.filter(isPostQuantumGroup);
      return offered.length > 0 && !offered.some((name) => findGroup(name)?.isCnsa2)
        ? { message: `${list(offered)} is post-quantum but not CNSA 2.0.`, evidence: `groups: ${list(offered)}` }
        : undefined;
    },
    remedy: 'Where CNSA 2.0 applies, offer SecP384r1MLKEM1024 or MLKEM1024.',
  },
  {
    id: 'tls-weak-group',
    severity: 'high',
    when: 'A group of less than 112 bits of strength was picked.',
    check: ({ result }) => {
      const weak = result.groups.filter((name) => (findGroup(name)?.classicalSecurityBits ?? 128) < 112);
      return weak.length === 0
        ? undefined
        : {
            message: `Weak groups are accepted: ${list(weak)}.`,
            evidence: weak.map((name) => `${name}: ${findGroup(name)?.classicalSecurityBits} bits`).join(', '),
          };
    },
    remedy: 'Remove groups under 112 bits of strength.',
  },
  {
    id: 'tls-dhe-weak',
    severity: 'high',
    when: 'A ServerKeyExchange carried a finite-field prime of 1024 bits or less.',
    check: ({ dheBits }) =>
      dheBits !== undefined && dheBits <= 1024
        ? {
            message: `Finite-field parameters of ${dheBits} bits are used; a state can break 1024 bits (Logjam).`,
            evidence: `prime: ${dheBits} bits`,
          }
        : undefined,
    remedy: 'Use ECDHE suites, or finite-field parameters of 2048 bits or more (RFC 7919).',
  },
  {
    id: 'tls-dhe-short',
    severity: 'medium',
    when: 'A ServerKeyExchange carried a finite-field prime of 1025 to 2047 bits.',
    check: ({ dheBits }) =>
      dheBits !== undefined && dheBits > 1024 && dheBits < 2048
        ? {
            message: `Finite-field parameters of only ${dheBits} bits are used.`,
            evidence: `prime: ${dheBits} bits`,
          }
        : undefined,
    remedy: 'Use ECDHE suites, or finite-field parameters of 2048 bits or more (RFC 7919).',
  },
];
