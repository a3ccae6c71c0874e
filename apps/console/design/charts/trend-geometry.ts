import { nice, ticks } from 'd3-array';
import { area, line } from 'd3-shape';

export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const characterWidth = 7.5;
const tickGap = 10;

/** Whole numbers for the axis of counts, zero first; the last one is no less than the greatest count. */
export function countTicks(most: number): readonly number[] {
  const [, end] = nice(0, Math.max(1, most), 4);
  return ticks(0, end, 4).filter(Number.isInteger);
}

export const countText = (count: number): string =>
  count < 10_000 ? count.toLocaleString('en') : count.toLocaleString('en', { notation: 'compact' });

/** The part of the drawing that the lines have, beside the numbers and above the days. */
export function frameOf({
  width,
  height,
  top,
}: {
  readonly width: number;
  readonly height: number;
  readonly top: number;
}): Frame {
  const widest = Math.max(...countTicks(top).map((tick) => countText(tick).length));
  return { left: Math.ceil(widest * characterWidth) + tickGap, right: width - tickGap, top: 8, bottom: height - 24 };
}

/** Places within a frame: of a day by its number, and of a count. One day alone stands in the middle. */
export function scalesOf(frame: Frame, { days, top }: { readonly days: number; readonly top: number }) {
  const most = countTicks(top).at(-1) ?? 1;
  const x = (day: number): number =>
    days === 1 ? (frame.left + frame.right) / 2 : frame.left + (day / (days - 1)) * (frame.right - frame.left);
  const y = (count: number): number => frame.bottom - (count / most) * (frame.bottom - frame.top);
  /** The day nearest to a place. */
  const dayAt = (place: number): number => {
    const share = (place - frame.left) / (frame.right - frame.left);
    return Math.min(days - 1, Math.max(0, Math.round(share * (days - 1))));
  };
  return { x, y, dayAt };
}

/** The paths of one line of counts and of the area below it. */
export function pathsOf(values: readonly number[], { x, y }: Pick<ReturnType<typeof scalesOf>, 'x' | 'y'>) {
  const day = (_: number, at: number) => x(at);
  return {
    line: line<number>(day, y)(values) ?? '',
    area: area<number>(day, y(0), y)(values) ?? '',
  };
}

/** Days whose counts are not those of the day before, and the first and last one: all that a table has to say. */
export function tellingDays(series: readonly (readonly number[])[]): readonly number[] {
  const days = series[0]?.length ?? 0;
  return Array.from({ length: days }, (_, day) => day).filter(
    (day) => day === 0 || day === days - 1 || series.some((values) => values[day] !== values[day - 1]),
  );
}
