/** A number of bytes as people say it. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** An instant in UTC to the second, without the letters that make ISO 8601 hard to read. */
export function formatInstant(instant: string | null): string {
  return instant === null ? '-' : instant.replace('T', ' ').replace(/(?:\.\d+)?Z$/, 'Z');
}

export const formatList = (items: readonly string[]): string => (items.length === 0 ? '-' : items.join(', '));

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
