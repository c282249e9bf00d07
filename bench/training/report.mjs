/** The tables of results, a peer each, in the order of the rows. */
import { createRequire } from 'node:module';
import { peers } from './sides.mjs';

const require = createRequire(import.meta.url);

const digits = (value) =>
  value.toLocaleString('en', { minimumSignificantDigits: 3, maximumSignificantDigits: 3 });

/** `results` by peer and row. */
export function renderResults(results, order) {
  const measured = Object.keys(peers).filter((name) => name in results);
  const rows = measured.flatMap((name) => Object.values(results[name]));
  const machines = [...new Set(rows.map(({ machine }) => machine))];
  const models = [...new Set(rows.map((row) => row.models))];
  return [
    '# Training beside Keras',
    '',
    'Medians of alternating passes, each in a process of its own; less is better. `load` is the load average when the',
    'row began: rows measured on a busy machine compare the two sides, no more.',
    '',
    ...measured.flatMap((name) => [`## ${peers[name].versions}`, '', ...tableOf(results[name], order), '']),
    `Machine: ${machines.join('; ')}. Models: ${models.join('; ')}.`,
    `Thaw: Node ${process.versions.node}, TensorFlow 2.15.1, onnxruntime ${require('onnxruntime-node/package.json').version}.`,
    'Made by `node bench/training/run.mjs`.',
    '',
  ].join('\n');
}

function tableOf(results, order) {
  const known = order.filter((name) => name in results).map((name) => [name, results[name]]);
  const cells = known.map(([name, row]) => {
    const ratio = row.thaw / row.keras;
    const target = row.target === null ? '' : `≤ ${row.target}`;
    const met = row.target === null ? '' : ratio <= row.target ? 'yes' : 'no';
    const number = (value, all) => {
      const range = all ? `(${digits(Math.min(...all))} – ${digits(Math.max(...all))})` : '';
      return [digits(value), row.unit, range].filter((part) => part !== '').join(' ');
    };
    const sitting = `${row.date}, ${row.commit}, load ${row.load.toFixed(1)}`;
    return [
      `\`${name}\``,
      row.title,
      number(row.thaw, row.spread?.thaw),
      number(row.keras, row.spread?.keras),
      ratio.toFixed(2),
      target,
      met,
      row.repeats,
      sitting,
    ];
  });
  const head = ['row', 'work', 'Thaw', 'Keras', 'ratio', 'target', 'met', 'repetitions', 'when'];
  const line = (values) => `| ${values.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...cells.map(line)];
}
