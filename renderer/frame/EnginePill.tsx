import { Popover } from '@base-ui/react/popover';
import type { DoctorStep } from '../../shared/ipc/doctorReport.ts';
import { messages } from '../messages/index.ts';
import { useApp } from '../stores/app.ts';
import { useRuntime } from '../stores/frame/runtime.ts';
import { useTraining } from '../stores/training/training.ts';
import { CacheFacts } from './CacheFacts.tsx';

/** What the engine runs on and what it does; opens to the details. */
export function EnginePill() {
  const isConnected = useApp((state) => state.isConnected);
  const stage = useTraining((state) => state.training.state);
  const report = useRuntime((state) => state.report);
  const text = messages.frame.engine;
  const state = !isConnected ? 'off' : report?.healthy === false ? 'weak' : 'on';
  return (
    <Popover.Root>
      <Popover.Trigger className="pill" data-testid="engine">
        <span className={`dot ${state}`} aria-hidden />
        <span role="status">
          {isConnected ? messages.training.state[stage] : messages.connection.connecting}
        </span>
        {isConnected && report !== null && (
          <span className="muted">· {report.healthy ? text.native : text.portable}</span>
        )}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={8} align="end" className="over">
          <Popover.Popup className="popover engine">
            <Popover.Title className="popover-title">{text.details}</Popover.Title>
            <Details />
            {isConnected && <CacheFacts />}
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Details() {
  const { report, work, setUp } = useRuntime();
  const text = messages.frame.engine;
  if (report === null) return <p className="muted">{text.looking}</p>;
  return (
    <>
      <p>
        <strong>{report.trainer}</strong>
      </p>
      {!report.healthy && <p className="muted">{text.portableHint}</p>}
      <dl className="facts">
        {report.steps
          .filter(({ status }) => status !== 'skipped')
          .map((step) => (
            <Fact key={step.name} step={step} />
          ))}
      </dl>
      {!report.healthy && work === null && (
        <button type="button" className="primary" onClick={() => void setUp()}>
          {text.setUp}
        </button>
      )}
      {work !== null && (
        <label className="progress">
          {work.what === '' ? text.settingUp : work.what}
          <progress value={work.total === null ? undefined : work.done} max={work.total ?? undefined} />
        </label>
      )}
    </>
  );
}

function Fact({ step }: { readonly step: DoctorStep }) {
  return (
    <div>
      <dt>{step.name}</dt>
      <dd>
        {step.detail}
        {step.remedy !== null && (
          <>
            <br />
            <span className="muted">
              {messages.error.remedy}: {step.remedy}
            </span>
          </>
        )}
      </dd>
    </div>
  );
}
