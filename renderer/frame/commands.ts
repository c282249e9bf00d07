import { messages } from '../messages/index.ts';
import { stations, useApp } from '../stores/app.ts';
import { useDataset } from '../stores/data/dataset.ts';
import { themeChoices, useTheme } from '../stores/frame/theme.ts';
import { isBusy } from '../stores/training/state.ts';
import { useTraining } from '../stores/training/training.ts';

/** Something the palette can do now. */
export interface PaletteCommand {
  readonly value: string;
  readonly label: string;
  readonly run: () => void;
}

export interface CommandGroup {
  readonly value: string;
  readonly items: readonly PaletteCommand[];
}

/** The commands that make sense at this moment. */
export function currentCommands(): CommandGroup[] {
  const { go, hello, showTour } = useApp.getState();
  const text = messages.frame;
  const groups: CommandGroup[] = [
    {
      value: text.commandGroups.go,
      items: [
        ...stations.map((station) => ({
          value: `go ${station}`,
          label: messages.stations[station],
          run: () => {
            go(station);
          },
        })),
        {
          value: 'go welcome',
          label: text.home,
          run: () => {
            go('welcome');
          },
        },
      ],
    },
    { value: text.commandGroups.training, items: trainingCommands() },
    {
      value: text.commandGroups.data,
      items: hello === null ? [] : [{ value: 'sample', label: text.openSample, run: openSample }],
    },
    {
      value: text.commandGroups.window,
      items: [
        ...themeChoices.map((choice) => ({
          value: `theme ${choice}`,
          label: text.themeCommand(text.themes[choice]),
          run: () => {
            useTheme.getState().choose(choice);
          },
        })),
        {
          value: 'tour',
          label: text.help,
          run: () => {
            showTour(0);
          },
        },
      ],
    },
  ];
  return groups.filter(({ items }) => items.length > 0);
}

function trainingCommands(): PaletteCommand[] {
  const { training, train, control } = useTraining.getState();
  const text = messages.training;
  if (!isBusy(training.state)) {
    if (useDataset.getState().dataset === null) return [];
    const run = (): void => {
      useApp.getState().go('training');
      void train();
    };
    return [{ value: 'train', label: text.train, run }];
  }
  const isPaused = training.state === 'paused';
  return [
    {
      value: 'pause',
      label: isPaused ? text.unpause : text.pause,
      run: () => void control(isPaused ? 'unpause' : 'pause'),
    },
    { value: 'stop', label: text.stop, run: () => void control('stop') },
  ];
}

function openSample(): void {
  const { hello, go } = useApp.getState();
  if (hello === null) return;
  go('data');
  void useDataset.getState().open(hello.sample);
}
