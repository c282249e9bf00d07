import type { Hello } from '../../shared/ipc/studio/studio.ts';
import type { BridgeListener } from '../bridge/index.ts';
import { host } from '../bridge/index.ts';
import { useApp } from './app.ts';
import { carryOut } from './frame/commands.ts';
import { passEvent } from './engine.ts';
import { rememberedBackbone, usePlan } from './network/plan.ts';
import { useRuntime } from './frame/runtime.ts';
import { useTheme } from './frame/theme.ts';
import { takeUpSession } from './frame/session.ts';
import { rejoinTraining } from './training/rejoin.ts';

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
async function begin({ backbones, training }: Hello): Promise<void> {
  host().setTheme(useTheme.getState().choice);
  useTheme.subscribe(({ choice }) => {
    host().setTheme(choice);
  });
  if (training !== null) void rejoinTraining(training);
  takeUpSession();
  void useRuntime.getState().look();
  const backbone = rememberedBackbone() ?? backbones[0]?.name;
  if (backbone !== undefined) await usePlan.getState().open(backbone);
}
