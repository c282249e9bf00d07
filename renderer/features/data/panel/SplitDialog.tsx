import { Dialog } from '@base-ui/react/dialog';
import { Slider } from '@base-ui/react/slider';
import { useState } from 'react';
import type { SplitChoice } from '../../../../shared/domain/project/project.ts';
import { messages } from '../../../messages/index.ts';
import { percentText } from '../../../format.ts';
import { change } from '../../../stores/data/decisions.ts';

interface SplitDialogProps {
  readonly split: SplitChoice;
  onClose(): void;
}

/** Chooses the shares to validate and to test on, and the seed of the draw. */
export function SplitDialog({ split, onClose }: SplitDialogProps) {
  const [choice, setChoice] = useState(split);
  const text = messages.data;
  const apply = async (): Promise<void> => {
    if (await change({ type: 'split', split: choice })) onClose();
  };
  return (
    <Dialog.Root
      open
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="dialog">
          <Dialog.Title>{text.splitTitle}</Dialog.Title>
          <Dialog.Description className="muted">{text.splitHelp}</Dialog.Description>
          <Share
            label={text.validationShare}
            value={choice.validation}
            least={0.05}
            onChange={(validation) => {
              setChoice({ ...choice, validation });
            }}
          />
          <Share
            label={text.testShare}
            value={choice.test}
            least={0}
            onChange={(test) => {
              setChoice({ ...choice, test });
            }}
          />
          <div className="row seed">
            <label className="row">
              {text.seed}
              <input
                type="number"
                min={0}
                max={0xffff_ffff}
                value={choice.seed}
                onChange={(event) => {
                  const seed = Math.trunc(event.target.valueAsNumber);
                  if (seed >= 0 && seed <= 0xffff_ffff) setChoice({ ...choice, seed });
                }}
              />
            </label>
            <button
              type="button"
              onClick={() => {
                setChoice({ ...choice, seed: choice.seed + 1 });
              }}
            >
              {text.redraw}
            </button>
          </div>
          <div className="row">
            <Dialog.Close>{text.cancel}</Dialog.Close>
            <button type="button" className="primary" onClick={() => void apply()}>
              {text.apply}
            </button>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface ShareProps {
  readonly label: string;
  readonly value: number;
  readonly least: number;
  onChange(value: number): void;
}

function Share({ label, value, least, onChange }: ShareProps) {
  return (
    <Slider.Root
      className="share"
      value={Math.round(value * 100)}
      min={least * 100}
      max={45}
      step={5}
      onValueChange={(percent) => {
        onChange((Array.isArray(percent) ? (percent[0] ?? 0) : percent) / 100);
      }}
    >
      <Slider.Label>{label}</Slider.Label>
      <output>{percentText(value)}</output>
      <Slider.Control className="share-control">
        <Slider.Track className="share-track">
          <Slider.Indicator className="share-indicator" />
          <Slider.Thumb className="share-thumb" aria-label={label} />
        </Slider.Track>
      </Slider.Control>
    </Slider.Root>
  );
}
