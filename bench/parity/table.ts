import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { ParityRow } from './features.ts';

const begin = '<!-- table -->';
const end = '<!-- end of table -->';

/** Writes the results between the marks of a Markdown file. */
export function writeTable(file: string, rows: readonly ParityRow[]): void {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : `${begin}\n${end}\n`;
  const header = ['architecture', 'parameters', 'layers', '.h5', '.weights.h5', '.keras', 'Keras'];
  const body = rows.map(({ name, parameters, layers, differences, keras }) => [
    name,
    parameters.toLocaleString('en'),
    String(layers),
    ...[differences['model.h5'], differences['model.weights.h5'], differences['model.keras']].map((value) =>
      value.toExponential(1),
    ),
    keras,
  ]);
  const right = new Set([1, 2, 3, 4, 5]);
  const widths = header.map((cell, column) =>
    Math.max(3, cell.length, ...body.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => (right.has(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, column) =>
    right.has(column) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width),
  );
  const table = [line(header), line(rule), ...body.map(line)].join('\n');
  const [before = '', rest = ''] = text.split(begin);
  const after = rest.split(end)[1] ?? '\n';
  writeFileSync(file, `${before}${begin}\n\n${table}\n\n${end}${after}`);
}
