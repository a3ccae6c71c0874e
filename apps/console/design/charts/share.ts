/** Shares in percent as words: what is there is never 0, and what is not all is never 100. */
export function percentText(count: number, total: number): string {
  if (total === 0 || count === 0) return '0 %';
  const percent = (count / total) * 100;
  if (percent < 1) return '<1 %';
  if (percent > 99 && count < total) return '>99 %';
  return `${Math.round(percent)} %`;
}

/** The least that a part takes of a bar, in percent, so that one asset among a million is still seen. */
const leastPercent = 1.5;

/** Where each part of a bar begins and how wide it is, in percent of the bar; a part of nothing has no width. */
export function shareWidths(counts: readonly number[]): readonly { readonly from: number; readonly width: number }[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const raised = counts.map((count) =>
    count === 0 || total === 0 ? 0 : Math.max(leastPercent, (count / total) * 100),
  );
  const sum = raised.reduce((all, width) => all + width, 0);
  let from = 0;
  return raised.map((width) => {
    const part = { from, width: sum === 0 ? 0 : (width / sum) * 100 };
    from += part.width;
    return part;
  });
}
