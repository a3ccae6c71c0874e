'use client';
import { symbol, symbolCircle, symbolSquare, symbolTriangle } from 'd3-shape';
import { type ReactNode, useState } from 'react';
import styles from './charts.module.css';
import type { Tone } from './textures.tsx';
import { countText, countTicks, frameOf, pathsOf, scalesOf, tellingDays } from './trend-geometry.ts';
import { useWidth } from './use-width.ts';

export interface TrendLine {
  readonly name: string;
  readonly tone: Tone;
  /** One count for each day. */
  readonly values: readonly number[];
}

const height = 200;
const shapes = [symbolCircle, symbolSquare, symbolTriangle];
const dayText = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const fullDayText = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeZone: 'UTC' });

/**
 * Counts day by day, as lines that differ in color, dash and mark; the first one has its area filled. The counts of a day are
 * read by pointing at it or, with keys and by ear, from the slider below; the table says all of them.
 */
export function Trend({
  title,
  days,
  lines,
  note,
}: {
  readonly title: string;
  /** YYYY-MM-DD, oldest first. */
  readonly days: readonly string[];
  readonly lines: readonly TrendLine[];
  readonly note?: ReactNode;
}) {
  // null: the newest day, also when it has become another one.
  const [chosen, setChosen] = useState<number | null>(null);
  const last = days.length - 1;
  const day = Math.min(chosen ?? last, last);
  const spoken = lines.map(({ name, values }) => `${name}: ${(values[day] ?? 0).toLocaleString('en')}`).join(', ');
  if (last < 0) return null;
  const text = (at: number) => fullDayText.format(new Date(days[at] ?? ''));
  return (
    <figure className={styles.figure}>
      <figcaption className={styles.title}>{title}</figcaption>
      <Drawing title={title} days={days} lines={lines} day={day} onDay={setChosen} />
      {last === 0 ? null : (
        <input
          className={styles.slider}
          type="range"
          aria-label={`Day of: ${title}`}
          aria-valuetext={`${text(day)}. ${spoken}`}
          min={0}
          max={last}
          value={day}
          onChange={({ target }) => setChosen(target.valueAsNumber === last ? null : target.valueAsNumber)}
        />
      )}
      <p className={styles.day}>
        {day === last ? `${text(day)}, as it stands` : `${text(day)}, at the end of the day`}
      </p>
      <ul className={styles.parts}>
        {lines.map(({ name, tone, values }, at) => (
          <li key={name}>
            <svg
              className={`${styles.sample} ${styles[tone]}`}
              viewBox="0 0 28 12"
              aria-hidden="true"
              focusable="false"
            >
              <path className={`${styles.line} ${styles[`dash${at}`]}`} d="M0 6H28" />
              <path className={styles.mark} d={markOf(at)} transform="translate(14 6)" />
            </svg>
            <span>{name}</span>
            <span className={styles.number}>{(values[day] ?? 0).toLocaleString('en')}</span>
          </li>
        ))}
      </ul>
      {note === undefined ? null : <p className={styles.note}>{note}</p>}
      <DayTable title={title} days={days} lines={lines} text={text} />
    </figure>
  );
}

const markOf = (at: number): string => symbol(shapes[at % shapes.length] ?? symbolCircle, 44)() ?? '';

interface DrawingProps {
  readonly title: string;
  readonly days: readonly string[];
  readonly lines: readonly TrendLine[];
  readonly day: number;
  readonly onDay: (day: number | null) => void;
}

function Drawing({ title, days, lines, day, onDay }: DrawingProps) {
  const { ref, width } = useWidth();
  const top = Math.max(0, ...lines.flatMap(({ values }) => values));
  const frame = frameOf({ width, height, top });
  const scales = scalesOf(frame, { days: days.length, top });
  const last = days.length - 1;
  const { x, y } = scales;
  const named = last === 0 ? [0] : last < 4 || width < 320 ? [0, last] : [0, Math.round(last / 2), last];
  return (
    <div ref={ref} className={styles.canvas}>
      {width === 0 ? null : (
        <svg
          role="img"
          aria-label={`${title}: ${lines.map(({ name, values }) => `${name} from ${values[0]} to ${values[last]}`).join(', ')}`}
          width={width}
          height={height}
          onPointerMove={({ clientX, currentTarget }) =>
            onDay(scales.dayAt(clientX - currentTarget.getBoundingClientRect().left))
          }
          onPointerLeave={() => onDay(null)}
        >
          {countTicks(top).map((tick) => (
            <g key={tick}>
              <line className={styles.grid} x1={frame.left} x2={frame.right} y1={y(tick)} y2={y(tick)} />
              <text className={styles.label} x={frame.left - 6} y={y(tick)} dy="0.32em" textAnchor="end">
                {countText(tick)}
              </text>
            </g>
          ))}
          {named.map((at) => (
            <text
              key={at}
              className={styles.label}
              x={x(at)}
              y={height - 6}
              textAnchor={last === 0 || (at > 0 && at < last) ? 'middle' : at === 0 ? 'start' : 'end'}
            >
              {dayText.format(new Date(days[at] ?? ''))}
            </text>
          ))}
          {last === 0 ? null : (
            <line className={styles.cursor} x1={x(day)} x2={x(day)} y1={frame.top} y2={frame.bottom} />
          )}
          {lines.map(({ name, tone, values }, at) => {
            const paths = pathsOf(values, scales);
            return (
              <g key={name} className={styles[tone]}>
                {at === 0 ? <path className={styles.area} d={paths.area} /> : null}
                <path className={`${styles.line} ${styles[`dash${at}`]}`} d={paths.line} />
                <path
                  className={styles.mark}
                  d={markOf(at)}
                  transform={`translate(${x(day)} ${y(values[day] ?? 0)})`}
                />
              </g>
            );
          })}
        </svg>
      )}
    </div>
  );
}

function DayTable({
  title,
  days,
  lines,
  text,
}: Pick<DrawingProps, 'title' | 'days' | 'lines'> & { readonly text: (day: number) => string }) {
  return (
    <details className={styles.table}>
      <summary>As a table</summary>
      <table>
        <caption className="hidden-text">{title}</caption>
        <thead>
          <tr>
            <th scope="col">Day</th>
            {lines.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {tellingDays(lines.map(({ values }) => values))
            .toReversed()
            .map((at) => (
              <tr key={days[at]}>
                <th scope="row">{text(at)}</th>
                {lines.map(({ name, values }) => (
                  <td key={name}>{(values[at] ?? 0).toLocaleString('en')}</td>
                ))}
              </tr>
            ))}
        </tbody>
      </table>
    </details>
  );
}
