/** The report for people: one line per server and tool, then every difference with its explanation. */
import type { CompareReport, ToolReport } from './compare-servers.ts';

/** No difference without an explanation, and every tool that was asked has answered or is excused. */
export function isExplained({ rows, silence }: ToolReport): boolean {
  return (
    rows.every(({ unexplained }) => unexplained.length === 0) &&
    (silence === undefined || silence.because !== undefined)
  );
}

const tally = ({ rows }: ToolReport, outcome: 'equal' | 'different' | 'unseen'): number =>
  rows.filter((row) => row.outcome === outcome).length;

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

export const reportHeading = `${'SERVER'.padEnd(32)}${'TOOL'.padEnd(12)}${'EQUAL'.padStart(6)}${'DIFFERENT'.padStart(
  11,
)}${'UNSEEN'.padStart(8)}${'UNEXPLAINED'.padStart(13)}${'TIME'.padStart(9)}${'QV'.padStart(8)}`;

export function reportLine(report: ToolReport): string {
  const { server, tool, rows, silence, milliseconds, ourMilliseconds } = report;
  const unexplained = rows.filter((row) => row.unexplained.length > 0).length;
  const counts = [
    String(tally(report, 'equal')).padStart(6),
    String(tally(report, 'different')).padStart(11),
    String(tally(report, 'unseen')).padStart(8),
    String(unexplained).padStart(13),
  ].join('');
  const middle = silence === undefined ? counts : '  no answer'.padEnd(counts.length);
  const times = `${seconds(milliseconds).padStart(9)}${seconds(ourMilliseconds).padStart(8)}`;
  return `${server.padEnd(32)}${tool.padEnd(12)}${middle}${times}`;
}

/** Equal explanations are said once, with all places where they hold. */
export function differenceLines({ reports, skipped }: CompareReport): string[] {
  const explained = new Map<string, string[]>();
  const open: string[] = [];
  for (const { server, tool, rows, silence } of reports) {
    const note = (because: string, what: string): void => {
      explained.set(because, [...(explained.get(because) ?? []), `${server}: ${what}`]);
    };
    if (silence?.because !== undefined) note(`${tool}: ${silence.because}`, 'no answer');
    if (silence !== undefined && silence.because === undefined) {
      open.push(`${server}, ${tool} gave no answer: ${silence.reason}`);
    }
    for (const { fact, because, unexplained } of rows) {
      for (const reason of because) note(`${tool}: ${reason}`, fact);
      for (const what of unexplained) open.push(`${server}, ${tool}, ${fact}: ${what}`);
    }
  }
  return [
    ...[...explained].flatMap(([because, places]) => ['', because, ...placeLines(places)]),
    ...(open.length === 0 ? [] : ['', 'Without explanation:', ...open.map((line) => `  ${line}`)]),
    ...skipped.map(({ what, reason }) => `\nNot compared: ${what} (${reason})`),
  ];
}

function placeLines(places: readonly string[]): string[] {
  const byFact = new Map<string, string[]>();
  for (const place of places) {
    const at = place.lastIndexOf(': ');
    const fact = place.slice(at + 2);
    byFact.set(fact, [...(byFact.get(fact) ?? []), place.slice(0, at)]);
  }
  return [...byFact].map(([fact, servers]) => `  ${fact}: ${servers.join('; ')}`);
}
