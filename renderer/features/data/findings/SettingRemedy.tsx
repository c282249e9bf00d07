import { messages } from '../../../messages/index.ts';
import { isBusy } from '../../../stores/training/state.ts';
import { useTraining } from '../../../stores/training/training.ts';
import { Icon } from '../../../ui/Icon.tsx';

type Remedy =
  | { readonly setting: 'classWeights'; readonly value: 'auto' }
  | { readonly setting: 'resize'; readonly value: 'pad' };

const before = { classWeights: 'none', resize: 'squash' } as const;

/** A remedy that is a training setting: set by a click, said once it is set, and taken back by another. */
export function SettingRemedy({ setting, value }: Remedy) {
  const isSet = useTraining((state) => state.choice[setting] === value);
  const isFixed = useTraining((state) => isBusy(state.training.state));
  const choose = useTraining((state) => state.choose);
  const text = messages.data.settings[setting];
  return (
    <div className="row remedies">
      {isSet && (
        <span className="fine" role="status">
          <Icon name="check" size={15} />
          {text.isSet}
        </span>
      )}
      <button
        type="button"
        disabled={isFixed}
        onClick={() => {
          choose({ [setting]: isSet ? before[setting] : value });
        }}
      >
        {isSet ? text.takeBack : text.set}
      </button>
    </div>
  );
}
