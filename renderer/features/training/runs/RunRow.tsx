import { useState } from 'react';
import { Menu } from '@base-ui/react/menu';
import { host } from '../../../bridge/index.ts';
import type { RunSummary } from '../../../../shared/ipc/training/runs.ts';
import { dateText, percentText } from '../../../format.ts';
import { messages } from '../../../messages/index.ts';
import { useRuns } from '../../../stores/training/runs.ts';
import { useTraining } from '../../../stores/training/training.ts';
import { Icon } from '../../../ui/Icon.tsx';
import { say } from '../../../ui/toasts.ts';
import { DeleteDialog } from './DeleteDialog.tsx';
import { RenameDialog } from './RenameDialog.tsx';

interface RunRowProps {
  readonly run: RunSummary;
  /** Called when the present run is another, or has other settings. */
  onShow(): void;
}

/** One run, with everything that can be done with it. */
export function RunRow({ run, onShow }: RunRowProps) {
  const { chosen, compare, open } = useRuns();
  const isPresent = useTraining((state) => state.training.run === run.run);
  const [dialog, setDialog] = useState<'rename' | 'delete' | null>(null);
  const place = chosen.indexOf(run.run);
  const text = messages.runs;
  const close = (): void => {
    setDialog(null);
  };
  return (
    <tr aria-current={isPresent}>
      <td>
        <label className="compare">
          <input
            type="checkbox"
            aria-label={text.compare(run.title)}
            checked={place >= 0}
            onChange={() => void compare(run.run)}
          />
          <span className={place >= 0 ? `swatch run-${place + 1}` : 'swatch none'} aria-hidden />
        </label>
      </td>
      <th scope="row">
        <button
          type="button"
          className="bare title"
          title={run.run}
          onClick={() => {
            void open(run.run).then(onShow);
          }}
        >
          {run.title}
        </button>
        <span className="muted">
          {run.dataset} · {run.backbone}
        </span>
      </th>
      <td>
        <span className={`tag ${run.state}`}>{text.states[run.state]}</span>
      </td>
      <td className="number">{percentText(run.best?.valAccuracy ?? NaN)}</td>
      <td className="number">{run.epochs}</td>
      <td>{text.thawed(run.settings.thaw.length)}</td>
      <td>{dateText(run.created)}</td>
      <td>
        <RunMenu run={run} onShow={onShow} onDialog={setDialog} />
        <RenameDialog
          key={`${run.title} ${String(dialog)}`}
          run={run}
          isOpen={dialog === 'rename'}
          onClose={close}
        />
        <DeleteDialog run={run} isOpen={dialog === 'delete'} onClose={close} />
      </td>
    </tr>
  );
}

interface RunMenuProps extends RunRowProps {
  onDialog(dialog: 'rename' | 'delete'): void;
}

function RunMenu({ run, onShow, onDialog }: RunMenuProps) {
  const { open, duplicate } = useRuns();
  const text = messages.runs;
  return (
    <Menu.Root>
      <Menu.Trigger className="bare" aria-label={text.more(run.title)}>
        <Icon name="more" size={16} />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={4} align="end" className="over">
          <Menu.Popup className="menu">
            <Menu.Item className="menu-item" onClick={() => void open(run.run).then(onShow)}>
              <Icon name="play" size={16} />
              {text.open}
            </Menu.Item>
            <Menu.Item
              className="menu-item"
              onClick={() => {
                duplicate(run);
                say(text.duplicate, text.duplicated);
                onShow();
              }}
            >
              <Icon name="copy" size={16} />
              {text.duplicate}
            </Menu.Item>
            <Menu.Item
              className="menu-item"
              onClick={() => {
                onDialog('rename');
              }}
            >
              <Icon name="edit" size={16} />
              {text.rename}
            </Menu.Item>
            {host().canReveal && (
              <Menu.Item className="menu-item" onClick={() => void host().reveal(run.run)}>
                <Icon name="folder" size={16} />
                {text.reveal}
              </Menu.Item>
            )}
            <Menu.Item
              className="menu-item"
              disabled={run.state === 'training'}
              onClick={() => {
                onDialog('delete');
              }}
            >
              <Icon name="trash" size={16} />
              {text.remove}
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
