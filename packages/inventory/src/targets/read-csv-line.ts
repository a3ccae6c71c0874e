import { InventoryError } from '../errors.ts';

const fieldsMax = 200;

/**
 * The fields of one record (RFC 4180) that does not span lines; the separator is a comma, a semicolon or a tab, as the
 * line shows. Throws `INVENTORY_INPUT_INVALID` for a quote that is not closed or stands inside a field.
 */
export function readCsvLine(line: string): readonly string[] {
  const separator = separatorOf(line);
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    if (fields.length === fieldsMax) throw badLine(`it has more than ${fieldsMax} fields`);
    const [field, end] = line[at] === '"' ? quoted(line, at + 1) : plain(line, at, separator);
    fields.push(field);
    if (end >= line.length) return fields;
    if (line[end] !== separator) throw badLine('something follows a closing quote');
    at = end + 1;
  }
}

/** Spreadsheets write what their country separates with; hosts hold none of the three. */
function separatorOf(line: string): string {
  const outside = line.replace(/"[^"]*"/g, '');
  return [',', ';', '\t'].find((mark) => outside.includes(mark)) ?? ',';
}

function plain(line: string, from: number, separator: string): readonly [string, number] {
  const next = line.indexOf(separator, from);
  const end = next < 0 ? line.length : next;
  const field = line.slice(from, end);
  if (field.includes('"')) throw badLine('a quote stands inside a field');
  return [field, end];
}

function quoted(line: string, from: number): readonly [string, number] {
  let field = '';
  for (let at = from; ; ) {
    const end = line.indexOf('"', at);
    if (end < 0) throw badLine('a quote is not closed');
    field += line.slice(at, end);
    if (line[end + 1] !== '"') return [field, end + 1];
    field += '"';
    at = end + 2;
  }
}

const badLine = (reason: string): InventoryError => new InventoryError('INVENTORY_INPUT_INVALID', reason);
