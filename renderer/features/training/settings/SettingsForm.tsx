import { Collapsible } from '@base-ui/react/collapsible';
import { messages } from '../../../messages/index.ts';
import { usePlan } from '../../../stores/network/plan.ts';
import { isBusy } from '../../../stores/training/state.ts';
import { useTraining } from '../../../stores/training/training.ts';
import { FieldView } from './FieldView.tsx';
import type { FieldGroup } from './fields.ts';
import { fields } from './fields.ts';
import { LaterPhases } from './LaterPhases.tsx';

const groups: readonly FieldGroup[] = ['general', 'images', 'steps', 'thawed'];

/** Every setting with its default and what it does; the ones most people leave alone are folded away. */
export function SettingsForm() {
  const stage = useTraining((state) => state.training.state);
  const hasThawed = usePlan((state) => state.thawed.size > 0);
  const text = messages.training;
  const shown = fields.filter(({ needsThawed }) => needsThawed !== true || hasThawed);
  return (
    <fieldset className="settings" disabled={isBusy(stage)}>
      <legend className="unseen">{text.basic}</legend>
      {isBusy(stage) && <p className="muted">{text.fixed}</p>}
      <LaterPhases />
      {shown
        .filter(({ isBasic }) => isBasic)
        .map((field) => (
          <FieldView key={field.key} field={field} />
        ))}
      {!hasThawed && <p className="muted">{text.frozenHint}</p>}
      {groups.map((group) => {
        const own = shown.filter((field) => !field.isBasic && (field.group ?? 'general') === group);
        if (own.length === 0) return null;
        return (
          <Collapsible.Root key={group}>
            <Collapsible.Trigger className="bare fold">{text.recipe.groups[group]}</Collapsible.Trigger>
            <Collapsible.Panel className="settings">
              {own.map((field) => (
                <FieldView key={field.key} field={field} />
              ))}
            </Collapsible.Panel>
          </Collapsible.Root>
        );
      })}
    </fieldset>
  );
}
