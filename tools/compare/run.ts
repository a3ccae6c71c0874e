/**
 * `npm run compare [-- --tool sslscan] [-- SERVER...]`: what `qv scan tls` finds beside what sslscan and testssl.sh find, on real
 * servers started for it. Ends with exit code 1 when a difference has no explanation, or an explanation has no difference.
 */
import { parseArgs } from 'node:util';
import { compareServers } from './compare-servers.ts';
import { differenceLines, isExplained, reportHeading, reportLine } from './print.ts';
import { comparedServers } from './servers.ts';
import { sslscan } from './sslscan.ts';
import { testssl } from './testssl.ts';
import { toolVersion } from './tool.ts';

const { values, positionals } = readWords();
const tools = [sslscan, testssl].filter(({ name }) => values.tool === undefined || name === values.tool);
const all = comparedServers();
const servers = all.filter(({ name }) => positionals.length === 0 || positionals.some((word) => name.includes(word)));
if (values.help || tools.length === 0 || servers.length === 0) {
  console.error(
    `npm run compare [-- [--tool NAME] [WORD OF A SERVER...]]\nThere are the tools sslscan and testssl.sh, and the servers ${all.map(({ name }) => name).join('; ')}.`,
  );
  process.exit(2);
}

console.log(reportHeading);
const report = await compareServers({ servers, tools, onReport: (one) => console.log(reportLine(one)) });
for (const line of differenceLines(report)) console.log(line);

const isWhole = tools.length === 2 && servers.length === all.length && report.skipped.length === 0;
const stale = isWhole ? report.unused : [];
for (const { tool, fact, because } of stale) console.log(`\nExplains nothing any more: ${tool}, ${fact}: ${because}`);
const asked = new Set(report.reports.map(({ tool }) => tool));
const versions = tools.filter(({ name }) => asked.has(name)).map(toolVersion);
const rows = report.reports.flatMap((one) => one.rows);
const count = (outcome: string): number => rows.filter((row) => row.outcome === outcome).length;
const unexplained = report.reports.filter((one) => !isExplained(one)).length;
console.log(
  `\n${versions.join(', ')}: ${count('equal')} facts equal, ${count('different')} different, ${count('unseen')} that the other tool cannot see; ${unexplained} of ${report.reports.length} reports with something unexplained`,
);
process.exitCode = unexplained > 0 || stale.length > 0 || report.reports.length === 0 ? 1 : 0;

function readWords() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { tool: { type: 'string' }, help: { type: 'boolean', default: false } },
    });
  } catch (error) {
    console.error(`compare: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(2);
  }
}
