import { useMemo } from 'react';
import { Popover } from '@base-ui/react/popover';
import { messages } from '../messages/index.ts';
import { stations, useApp } from '../stores/app.ts';

/** A short way around, one popover a station; arrow keys and Escape work. */
export function Tour() {
  const { tour: step, showTour } = useApp();
  const text = messages.frame.tour;
  const steps = useMemo(
    () => text.steps.filter(({ anchor }) => (stations as readonly string[]).includes(anchor)),
    [text],
  );
  const shown = step === null ? undefined : steps[step];
  if (step === null || shown === undefined) return null;
  const isLast = step === steps.length - 1;
  const end = (): void => {
    showTour(null);
  };
  const move = (by: number): void => {
    showTour(Math.max(0, Math.min(steps.length - 1, step + by)));
  };
  return (
    <Popover.Root
      key={step}
      open
      onOpenChange={(_, { reason }) => {
        if (reason === 'escape-key' || reason === 'close-press') end();
      }}
    >
      <Popover.Portal>
        <Popover.Positioner
          anchor={() => document.querySelector(`[data-tour="${shown.anchor}"]`)}
          side="right"
          sideOffset={14}
          className="over"
        >
          <Popover.Popup
            className="popover tour"
            data-testid="tour"
            onKeyDown={({ key }) => {
              if (key === 'ArrowRight') move(1);
              if (key === 'ArrowLeft') move(-1);
            }}
          >
            <Popover.Arrow className="arrow" />
            <p className="label">{text.step(step + 1, steps.length)}</p>
            <Popover.Title className="popover-title">{shown.title}</Popover.Title>
            <Popover.Description>{shown.text}</Popover.Description>
            <div className="row">
              <Popover.Close className="bare">{text.skip}</Popover.Close>
              <span className="spring" />
              {step > 0 && (
                <button
                  type="button"
                  onClick={() => {
                    move(-1);
                  }}
                >
                  {text.back}
                </button>
              )}
              <button
                type="button"
                className="primary"
                onClick={() => {
                  if (isLast) end();
                  else move(1);
                }}
              >
                {isLast ? text.end : text.next}
              </button>
            </div>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}
