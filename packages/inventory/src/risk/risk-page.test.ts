// The page says that its tables are those of the code: this is where that is true.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { exposures, sensitivities } from '../asset/asset.ts';
import { severities } from '../severity.ts';
import { tightMarginYears } from './mosca.ts';
import * as tables from './risk-tables.ts';

const text = readFileSync(new URL('../../../../docs/design/risk.md', import.meta.url), 'utf8');
const page = text.replaceAll('\n', ' ');

/** The cells of the first table row with this name, at or below the other name; numbers where they are some. */
function row(name: string, below = name): (string | number)[] {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`| ${below} |`));
  const line = start === -1 ? undefined : lines.slice(start).find((candidate) => candidate.startsWith(`| ${name} |`));
  if (line === undefined) return expect.fail(`the page has no row "${name}"`);
  const cells = line.split('|').slice(2, -1);
  return cells.map((cell) => (Number.isNaN(Number(cell)) ? cell.trim() : Number(cell)));
}

it('INV-2: the page of the risk model holds the tables of the code', () => {
  const lifetimes = tables.lifetimeMultipliers;
  const bounds = lifetimes.slice(0, -1).map(({ yearsMax }) => yearsMax);
  expect(row('data must stay secret, up to years')).toEqual([...bounds, 'more']);
  expect(row('multiplier')).toEqual(lifetimes.map(({ multiplier }) => multiplier));

  const strengths = tables.strengthExploitability;
  expect(row('strength in bits, from')).toEqual([...strengths.map(({ bitsMin }) => bitsMin), 'unknown']);
  expect(row('value', 'strength in bits, from')).toEqual([
    ...strengths.map(({ value }) => value),
    tables.unknownExploitability,
  ]);

  expect(row('worst weakness')).toEqual([...severities]);
  expect(row('value', 'worst weakness')).toEqual(severities.map((name) => tables.severityExploitability[name]));

  const levels = tables.quantumLevelExploitability;
  expect(row('NIST category')).toEqual(['0 (Shor)', ...levels.slice(1).map((_, index) => index + 1), 'unknown']);
  expect(row('value', 'NIST category')).toEqual([...levels, tables.quantumUnknownExploitability]);
});

it('INV-2: the page of the risk model holds the other numbers of the code', () => {
  const { agilities, agilityFactors, riskBands, defaultRiskSettings: defaults } = tables;
  for (const [index, name] of sensitivities.entries()) expect(page).toContain(`${name} ${index + 1}`);
  for (const [index, name] of exposures.entries()) expect(page).toContain(`${name} ${index + 1}`);
  const agility = agilities.map((name) => `${name} ${agilityFactors[name].toFixed(2).replace(/0$/, '')}`);
  expect(page).toContain(`**Agility**: ${agility.join(', ')}.`);
  const bands = riskBands.map(({ name, scoreMin }) => (scoreMin === 0 ? `${name} below` : `${name} from ${scoreMin}`));
  expect(page).toContain(`Bands: ${bands.join(', ')}.`);
  expect(page).toContain(`score          = impact / ${tables.impactMax} * exploitability * agility * 100`);
  expect(page).toContain(`between ${tables.horizonPressureMin} and 1.`);
  expect(page).toContain(`weigh ${tables.signatureQuantumWeight}, because`);
  expect(page).toContain(`below ${tightMarginYears} years \`tight\``);
  expect(page).toContain(`Horizon ${defaults.quantumHorizonYears} years`);
  expect(page).toContain(`migration ${defaults.migrationYears} years`);
});
