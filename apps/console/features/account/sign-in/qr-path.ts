/** The dark modules as one path: a run of them in a row is one rectangle. */
export function modulesPath(modules: readonly (readonly boolean[])[]): string {
  const parts: string[] = [];
  for (const [y, row] of modules.entries()) {
    let from = 0;
    while (from < row.length) {
      let to = from;
      while (row[to] === true) to += 1;
      if (to > from) parts.push(`M${from} ${y}h${to - from}v1h-${to - from}z`);
      from = to + 1;
    }
  }
  return parts.join('');
}
