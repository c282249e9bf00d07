import type { ModelReport } from '../../../../shared/ipc/model/report.ts';
import { shortCount } from '../../../format.ts';
import { messages } from '../../../messages/index.ts';
import { trainableParameters, usePlan } from '../../../stores/network/plan.ts';
import { StateMark } from '../graph/node/StateMark.tsx';
import { indexOf } from '../items.ts';

const text = messages.network;

/** How much of the network trains. */
export function Summary({ model }: { readonly model: ModelReport }) {
  const thawed = usePlan((plan) => plan.thawed);
  const { thawable } = indexOf(model);
  const total = model.layers.reduce(
    (sum, { name, parameters }) => sum + (model.replaced.includes(name) ? 0 : parameters),
    0,
  );
  if (model.kind === 'graph')
    return (
      <output className="summary" data-testid="thawed">
        <StateMark state="frozen" />
        <span>{messages.frozenModel.summary(shortCount(model.parameters ?? 0))}</span>
      </output>
    );
  return (
    <output className="summary" data-testid="thawed">
      <StateMark state={thawed.size === 0 ? 'frozen' : 'thawed'} />
      <span>{text.count(thawed.size, thawable.size)}</span>
      <span aria-hidden>·</span>
      <span>{text.parameters(shortCount(trainableParameters(model, thawed)), shortCount(total))}</span>
    </output>
  );
}
