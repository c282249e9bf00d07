import type { Hello } from '../../shared/ipc/studio.ts';
import type { BridgeListener } from '../bridge/index.ts';
import { host } from '../bridge/index.ts';
import { useApp } from './app.ts';
import { carryOut } from './commands.ts';
import { passEvent, runJob } from './engine.ts';
import { usePlan } from './plan.ts';
import { useRuntime } from './runtime.ts';
import { useTheme } from './theme.ts';
import { rejoinTraining } from './training.ts';

/** What the bridge tells, into the stores. */
export const studioListener: BridgeListener = {
  hello(hello) {
    const isFirst = useApp.getState().hello === null;
    useApp.setState({ hello });
    if (isFirst) void begin(hello);
  },
  connected(isConnected) {
    useApp.setState({ isConnected });
  },
  error(error) {
    useApp.getState().report(error);
  },
  event: passEvent,
  command: carryOut,
};

/** The page's first steps once the engine has greeted it. */
async function begin({ backbones }: Hello): Promise<void> {
  host().setTheme(useTheme.getState().choice);
  useTheme.subscribe(({ choice }) => {
    host().setTheme(choice);
  });
  void rejoinTraining();
  void useRuntime.getState().look();
  const [backbone] = backbones;
  if (backbone === undefined) return;
  const model = await runJob({ job: 'inspect-model', model: backbone.name });
  if (model.ok) usePlan.getState().load(model.value);
  else useApp.getState().report(model.error);
}
