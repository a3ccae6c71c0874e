import { certificateRules } from '../findings/certificates.ts';
import { chainRules } from '../findings/chains.ts';
import { keyExchangeRules } from '../findings/key-exchange.ts';
import type { FindingInput, FindingRule } from '../findings/rule.ts';
import { entryRules } from '../findings/starttls.ts';
import { suiteRules } from '../findings/suites.ts';
import { versionRules } from '../findings/versions.ts';
import type { Finding } from './tls-scan-result.ts';

export { expirySoonDays } from '../findings/certificates.ts';
export type { FindingInput, FindingRule } from '../findings/rule.ts';

/** All rules, by subject. Ids are stable: accepted findings and dashboards refer to them. */
export const tlsFindingRules: readonly FindingRule[] = [
  ...versionRules,
  ...keyExchangeRules,
  ...suiteRules,
  ...certificateRules,
  ...chainRules,
  ...entryRules,
];

/** Names in certificates are as long as their sender likes; a finding is not. */
const textCharactersMax = { message: 1_000, evidence: 2_000 } as const;

/** Runs all rules, in their order. */
export function findTlsFindings(input: FindingInput): readonly Finding[] {
  return tlsFindingRules.flatMap(({ id, severity, check, remedy }) => {
    const seen = check(input);
    if (seen === undefined) return [];
    const message = cut(seen.message, textCharactersMax.message);
    return [{ id, severity, message, evidence: cut(seen.evidence, textCharactersMax.evidence), remedy }];
  });
}

function cut(text: string, charactersMax: number): string {
  const shown = text.length <= charactersMax ? text : `${text.slice(0, charactersMax - 1).toWellFormed()}…`;
  // A server's own names are in it: no control character and no half of a pair may reach a log, a table or a terminal.
  return shown.replace(/[\p{Cc}\p{Cs}]/gu, '?');
}
