import { startTlsNames } from '../starttls/protocols.ts';
import { type FindingInput, type FindingRule, hasTls, list, type Observation } from './rule.ts';

/** Rules on the way into TLS: the dialogue before it, and what answers instead of it. */
export const entryRules: readonly FindingRule[] = [
  {
    id: 'starttls-injection',
    severity: 'high',
    when: 'Bytes in clear followed the go-ahead, in the place where only TLS may come.',
    check: (input) =>
      input.dialogueEnd?.kind === 'injected'
        ? {
            message: `Data in clear is sent behind the go-ahead for TLS of ${protocolName(input)}; clients that keep it take it for protected.`,
            evidence: input.dialogueEnd.detail,
          }
        : undefined,
    remedy: 'Update the server; if it is current, somebody on the way adds data to its connections.',
  },
  {
    id: 'starttls-not-offered',
    severity: 'high',
    when: 'The server speaks the protocol and says that it has no TLS in it.',
    check: (input) => {
      if (input.dialogueEnd?.kind !== 'not-offered' || hasTls(input)) return undefined;
      return {
        message: `${protocolName(input)} is spoken without TLS: everything, passwords included, goes in clear.`,
        evidence: input.dialogueEnd.detail,
      };
    },
    remedy: 'Configure a certificate and STARTTLS, better TLS from the first byte on a port of its own (RFC 8314).',
  },
  {
    id: 'starttls-unavailable',
    severity: 'info',
    when: 'The server turned the connection away before TLS.',
    check: (input) => {
      if (input.dialogueEnd?.kind !== 'unavailable' || hasTls(input)) return undefined;
      return {
        message: `The ${protocolName(input)} server turned the scan away; whether it has TLS is not known.`,
        evidence: input.dialogueEnd.detail,
      };
    },
    remedy: 'Scan again later, or from an address that the server accepts.',
  },
  {
    id: 'starttls-wrong-protocol',
    severity: 'info',
    when: 'What answers does not speak the protocol that the target names, or says more than any honest server.',
    check: (input) => {
      const { dialogueEnd } = input;
      const isOther = dialogueEnd?.kind === 'wrong-protocol' || dialogueEnd?.kind === 'limit';
      return isOther && !hasTls(input)
        ? { message: `What answers does not speak ${protocolName(input)}.`, evidence: dialogueEnd.detail }
        : undefined;
    },
    remedy: 'Check the port and the scheme of the target.',
  },
  {
    id: 'not-tls',
    severity: 'info',
    when: 'Something answered, and it was not TLS.',
    check: ({ isNotTls, result }): Observation | undefined => {
      if (!isNotTls) return undefined;
      const detail = result.unresolved[0]?.detail ?? 'unreadable';
      return { message: `What answered is not TLS: ${detail}`, evidence: detail };
    },
    remedy: 'Check the port, or whether the protocol starts TLS only after a greeting (STARTTLS).',
  },
  {
    id: 'tls-client-certificate',
    severity: 'info',
    when: 'The server sent a CertificateRequest.',
    check: ({ asksForClientCertificate }) =>
      asksForClientCertificate
        ? { message: 'The server asks for a client certificate.', evidence: 'CertificateRequest received' }
        : undefined,
    remedy: 'None needed; mutual TLS authenticates both sides.',
  },
  {
    id: 'scan-incomplete',
    severity: 'info',
    when: 'TLS was negotiated, and some questions stayed open.',
    check: (input) => {
      const { unresolved } = input.result;
      if (input.isNotTls || !hasTls(input) || unresolved.length === 0) return undefined;
      const open = list([...new Set(unresolved.map(({ probe, cause }) => `${probe} (${cause})`))]);
      return {
        message: `Unanswered: ${open}.`,
        evidence: list(unresolved.map(({ probe, detail }) => `${probe}: ${detail}`)),
      };
    },
    remedy: 'Scan again; if it stays, a middlebox or a limit of the server may be in the way.',
  },
];

function protocolName({ starttls }: FindingInput): string {
  return starttls === undefined ? 'its protocol' : startTlsNames[starttls];
}
