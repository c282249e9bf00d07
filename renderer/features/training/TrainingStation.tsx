import { useEffect, useState } from 'react';
import { Tabs } from '@base-ui/react/tabs';
import { messages } from '../../messages/index.ts';
import { useApp } from '../../stores/app.ts';
import { useDataset } from '../../stores/data/dataset.ts';
import { useRuns } from '../../stores/training/runs.ts';
import { useTraining } from '../../stores/training/training.ts';
import { Curves } from './charts/Curves.tsx';
import { Figures } from './Figures.tsx';
import { Outcome } from './Outcome.tsx';
import { PhaseTimeline } from './phases/PhaseTimeline.tsx';
import { PlanChange } from './phases/PlanChange.tsx';
import { ProgressLine } from './ProgressLine.tsx';
import { RunControls } from './RunControls.tsx';
import { RunLog } from './RunLog.tsx';
import { RunsView } from './runs/RunsView.tsx';
import { SettingsForm } from './settings/SettingsForm.tsx';
import { EmptyStation } from '../../ui/EmptyStation.tsx';
import './training.css';

/** The present run, and all runs. */
export function TrainingStation() {
  const [view, setView] = useState<'run' | 'runs'>('run');
  const { runs, load } = useRuns();
  const isReady = useApp((state) => state.hello !== null);
  const stage = useTraining((state) => state.training.state);
  const text = messages.training.views;
  useEffect(() => {
    // A training that begins or ends changes the list.
    if (isReady) void load();
  }, [isReady, stage, load]);
  return (
    <Tabs.Root
      className="views"
      value={view}
      onValueChange={(chosen: 'run' | 'runs') => {
        setView(chosen);
      }}
    >
      <Tabs.List className="tabs">
        <Tabs.Tab value="run" className="tab">
          {text.run}
        </Tabs.Tab>
        <Tabs.Tab value="runs" className="tab">
          {text.runs(runs.length)}
        </Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="run" className="view">
        <PresentRun />
      </Tabs.Panel>
      <Tabs.Panel value="runs" className="view">
        <RunsView
          onShow={() => {
            setView('run');
          }}
        />
      </Tabs.Panel>
    </Tabs.Root>
  );
}

/** Settings, the buttons, and the curves. */
function PresentRun() {
  const hasDataset = useDataset((state) => state.dataset !== null);
  const hasRun = useTraining((state) => state.training.run !== null);
  const text = messages.training;
  if (!hasDataset && !hasRun)
    return <EmptyStation text={text.needsData} action={text.openData} station="data" />;
  return (
    <div className="training">
      <div className="run">
        <RunControls />
        <PhaseTimeline />
        <ProgressLine />
        <PlanChange />
        <Outcome />
        <Curves />
      </div>
      <aside className="run-side" aria-label={text.panels.settings}>
        <Figures />
        <Tabs.Root defaultValue="settings" className="panel">
          <Tabs.List className="tabs">
            <Tabs.Tab value="settings" className="tab">
              {text.panels.settings}
            </Tabs.Tab>
            <Tabs.Tab value="log" className="tab">
              {text.panels.log}
            </Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="settings" className="tab-panel">
            <SettingsForm />
          </Tabs.Panel>
          <Tabs.Panel value="log" className="tab-panel">
            <RunLog />
          </Tabs.Panel>
        </Tabs.Root>
      </aside>
    </div>
  );
}
