/** `node tools/lint/run.ts [folder] [--sizes] [--rules] [--json]`: exit code 1 when a rule is broken. */
import { resolve } from 'node:path';
import { lintTree, rules } from './lint.ts';

const options = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
const [folder = resolve(import.meta.dirname, '../..')] = process.argv.slice(2).filter((a) => !a.startsWith('--'));
const unknown = options.find((option) => !['--sizes', '--rules', '--json'].includes(option));

if (unknown !== undefined) {
  console.error(`unknown option ${unknown}; there are --sizes, --rules and --json`);
  process.exitCode = 2;
} else if (options.includes('--rules')) {
  for (const rule of rules) console.log(`${rule.id.padEnd(30)} ${rule.demand}`);
} else {
  const report = lintTree(resolve(folder));
  if (options.includes('--json')) {
    console.log(JSON.stringify(report.findings, null, 2));
  } else {
    for (const { file, line, rule, message } of report.findings) console.log(`${file}:${line}  ${rule}  ${message}`);
    if (options.includes('--sizes')) {
      console.log(`median file: ${report.medianLines} lines; the ten longest:`);
      for (const { file, lines } of report.sizes.slice(0, 10)) console.log(`${String(lines).padStart(6)}  ${file}`);
      if (report.long.length > 0)
        console.log(`${report.long.length} files above 300 lines: think about splitting them`);
    }
    console.log(`lint: ${report.sizes.length} files, ${rules.length} rules, ${report.findings.length} findings`);
  }
  process.exitCode = report.findings.length > 0 ? 1 : 0;
}
