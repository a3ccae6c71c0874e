import { describe, expect, it } from 'vitest';
import { compareServers } from './compare-servers.ts';
import { differenceLines, isExplained, reportHeading, reportLine } from './print.ts';
import { comparedServers } from './servers.ts';
import { sslscan } from './sslscan.ts';
import { testssl } from './testssl.ts';

// INV-3: what we see of servers that nobody here wrote is what others see of them, or the difference has its explanation in
// accepted-differences.json. testssl.sh takes half a minute for a server, so that here it is asked about one of each kind;
// `npm run compare` asks it about all.

const testsslServers = ['openssl, own order', 'nginx, two certificates', 'node, hybrid groups', 'postgres', 'exim'];

describe('INV-3: the same facts as other scanners', { timeout: 1_200_000 }, () => {
  it('knows the servers that testssl.sh is asked about', () => {
    expect(comparedServers().map(({ name }) => name)).toEqual(expect.arrayContaining(testsslServers));
  });

  it('leaves no difference to sslscan and testssl.sh without an explanation', async (ctx) => {
    const report = await compareServers({
      servers: comparedServers(),
      tools: [sslscan, testssl],
      isAsked: (tool, server) => tool !== testssl || testsslServers.includes(server.name),
    });
    const lines = [reportHeading, ...report.reports.map(reportLine), ...differenceLines(report)];
    console.log(lines.join('\n'));
    if (report.reports.length === 0) {
      return ctx.skip(report.skipped.map(({ what, reason }) => `${what}: ${reason}`).join('; '));
    }
    const unexplained = report.reports.filter((one) => !isExplained(one));
    expect(unexplained.map(({ server, tool }) => `${server}, ${tool}`)).toEqual([]);
    // Agreement about nothing would be no agreement.
    for (const { server, tool, rows, silence } of report.reports) {
      if (silence !== undefined) continue;
      const equal = rows.filter(({ outcome }) => outcome === 'equal').map(({ fact }) => fact);
      expect(equal.length, `${server}, ${tool}`).toBeGreaterThanOrEqual(5);
    }
  });
});
