import type { Evaluation } from '../../../shared/domain/metrics.ts';
import { percentText } from '../../format.ts';
import { messages } from '../../messages/index.ts';

/** Precision, recall and F1 of each class. */
export function PerClass({ evaluation }: { readonly evaluation: Evaluation }) {
  const { columns, perClass } = messages.insight;
  return (
    <table>
      <caption>{perClass}</caption>
      <thead>
        <tr>
          {[columns.name, columns.precision, columns.recall, columns.f1, columns.support].map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {evaluation.classes.map((one) => (
          <tr key={one.class}>
            <th scope="row">{one.class}</th>
            <td>{percentText(one.precision)}</td>
            <td>{percentText(one.recall)}</td>
            <td>{percentText(one.f1)}</td>
            <td>{one.support}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
