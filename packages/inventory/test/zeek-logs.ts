/**
 * Zeek's logs as the corpus has them: tab-separated, `#fields` names the columns. Some files hold the logs of two runs
 * one after the other; each run begins with its own `#fields`.
 */
export type ZeekRow = Readonly<Record<string, string>>;

/** The runs of a log, each a list of rows. Files without `#fields` (cut by their test) give none. */
export function readZeekLog(content: Uint8Array): ZeekRow[][] {
  const runs: ZeekRow[][] = [];
  let fields: string[] = [];
  for (const line of new TextDecoder().decode(content).split('\n')) {
    if (line.startsWith('#fields\t')) {
      fields = line.split('\t').slice(1);
      runs.push([]);
    } else if (line !== '' && !line.startsWith('#') && fields.length > 0) {
      const values = line.split('\t');
      runs.at(-1)?.push(Object.fromEntries(fields.map((field, index) => [field, values[index] ?? '-'])));
    }
  }
  return runs;
}

/** The logs of one capture by the folder and name of their file. */
export function logsOf(files: ReadonlyMap<string, Uint8Array>, capture: string): Map<string, Uint8Array> {
  const folder = `pcap-zeek/baseline/${capture.replace(/^pcap-zeek\//, '').replaceAll('/', '__')}/`;
  return new Map([...files].filter(([path]) => path.startsWith(folder)));
}
