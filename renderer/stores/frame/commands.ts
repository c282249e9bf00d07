import type { HostCommand } from '../../../shared/ipc/studio/host.ts';
import { unreachable } from '../../../shared/errors.ts';
import { useApp } from '../app.ts';
import { useDataset } from '../data/dataset.ts';
import { useTheme } from './theme.ts';
import { useTraining } from '../training/training.ts';

/** Does what was chosen in the window's menu, as the page's own buttons would. */
export function carryOut(command: HostCommand): void {
  const { hello, go } = useApp.getState();
  const { training, train, control } = useTraining.getState();
  const isBusy = ['preparing', 'running', 'paused'].includes(training.state);
  switch (command.name) {
    case 'open':
      go('data');
      void useDataset.getState().open(command.path);
      return;
    case 'open-sample':
      if (hello === null) return;
      go('data');
      void useDataset.getState().open(hello.sample);
      return;
    case 'go':
      go(command.station);
      return;
    case 'train':
      go('training');
      if (!isBusy) void train();
      return;
    case 'pause':
      if (isBusy) void control(training.state === 'paused' ? 'unpause' : 'pause');
      return;
    case 'stop':
      if (isBusy) void control('stop');
      return;
    case 'theme':
      useTheme.getState().choose(command.theme);
      return;
    default:
      unreachable(command);
  }
}
