import { type FindingRule, hasTls, isOpen, list } from './rule.ts';

/** Rules on protocol versions and on what protects the choice between them. */
export const versionRules: readonly FindingRule[] = [
  {
    id: 'tls-sslv3',
    severity: 'critical',
    when: 'SSL 3.0 was negotiated.',
    check: ({ result }) =>
      result.versions.includes('SSLv3')
        ? { message: 'SSL 3.0 is accepted; its padding is broken (POODLE, RFC 7568).', evidence: 'negotiated: SSLv3' }
        : undefined,
    remedy: 'Disable SSL 3.0.',
  },
  {
    id: 'tls-old-version',
    severity: 'high',
    when: 'TLS 1.0 or TLS 1.1 was negotiated.',
    check: ({ result }) => {
      const old = result.versions.filter((version) => version === 'TLSv1.0' || version === 'TLSv1.1');
      return old.length === 0
        ? undefined
        : {
            message: `${old.join(' and ')} accepted; both are withdrawn (RFC 8996).`,
            evidence: `negotiated: ${list(old)}`,
          };
    },
    remedy: 'Set the minimum version to TLS 1.2, better TLS 1.3.',
  },
  {
    id: 'tls-no-tls13',
    severity: 'medium',
    when: 'Another version was negotiated, and the question for TLS 1.3 was answered with no.',
    check: (input) =>
      hasTls(input) && !input.result.versions.includes('TLSv1.3') && !isOpen(input.result, 'tls13-groups')
        ? {
            message: 'TLS 1.3 is not offered; post-quantum key exchange exists only there.',
            evidence: `negotiated: ${list(input.result.versions)}`,
          }
        : undefined,
    remedy: 'Enable TLS 1.3.',
  },
  {
    id: 'tls-no-downgrade-mark',
    severity: 'low',
    when: 'The server has TLS 1.3, and its TLS 1.2 answers lack the mark that RFC 8446 section 4.1.3 demands.',
    check: ({ result, hellos }) =>
      hellos.downgradeMark === false && result.versions.includes('TLSv1.3')
        ? {
            message: 'A client that was forced from TLS 1.3 to TLS 1.2 cannot notice it.',
            evidence: 'the random value of a TLS 1.2 ServerHello does not end in the downgrade mark',
          }
        : undefined,
    remedy: 'Look for a middlebox that ends TLS in front of the server, and update what speaks TLS here.',
  },
  {
    id: 'tls-no-secure-renegotiation',
    severity: 'medium',
    when: 'A ServerHello up to TLS 1.2 did not answer the renegotiation_info extension.',
    check: ({ hellos }) =>
      hellos.secureRenegotiation === false
        ? {
            message: 'Renegotiation is not protected: data of an attacker can be put in front of a session (RFC 5746).',
            evidence: 'renegotiation_info was offered and is absent from the ServerHello',
          }
        : undefined,
    remedy: 'Update the TLS library; until then disable renegotiation.',
  },
  {
    id: 'tls-no-extended-main-secret',
    severity: 'low',
    when: 'A ServerHello up to TLS 1.2 did not answer the extended_master_secret extension.',
    check: ({ hellos }) =>
      hellos.extendedMainSecret === false
        ? {
            message: 'Sessions up to TLS 1.2 are not bound to their handshake (triple handshake, RFC 7627).',
            evidence: 'extended_master_secret was offered and is absent from the ServerHello',
          }
        : undefined,
    remedy: 'Update the TLS library.',
  },
];
