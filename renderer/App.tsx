import { DataStation } from './features/data/DataStation.tsx';
import { InsightStation } from './features/insight/InsightStation.tsx';
import { NetworkStation } from './features/network/NetworkStation.tsx';
import { TrainingStation } from './features/training/TrainingStation.tsx';
import { messages } from './messages/index.ts';
import type { Station } from './stores/app.ts';
import { useApp } from './stores/app.ts';
import { useDataset } from './stores/dataset.ts';
import { useTraining } from './stores/training.ts';
import { ErrorPanel } from './ui/ErrorPanel.tsx';

const stations: readonly { readonly id: Station; readonly icon: string }[] = [
  { id: 'data', icon: '▦' },
  { id: 'network', icon: '⬡' },
  { id: 'training', icon: '∿' },
  { id: 'insight', icon: '◎' },
];

/** The window: a bar, the stations' rail, and one station. */
export function App({ hasToken }: { readonly hasToken: boolean }) {
  const { station, go, isConnected, hello } = useApp();
  const dataset = useDataset((state) => state.dataset);
  const stage = useTraining((state) => state.training.state);
  return (
    <div className="studio">
      <header className="bar">
        <strong className="product">◈ {messages.product}</strong>
        {dataset !== null && (
          <span className="muted">
            {dataset.dataset} · {messages.data.summary(dataset.images, dataset.classes.length)}
          </span>
        )}
        <span className="spring" />
        <span className="pill" role="status">
          <span className={isConnected ? 'dot on' : 'dot'} aria-hidden />
          {isConnected ? messages.training.state[stage] : messages.connection.connecting}
        </span>
      </header>
      <nav className="rail" aria-label={messages.product}>
        {stations.map(({ id, icon }) => (
          <button
            key={id}
            type="button"
            aria-current={station === id ? 'page' : undefined}
            onClick={() => {
              go(id);
            }}
          >
            <span aria-hidden>{icon}</span>
            {messages.stations[id]}
          </button>
        ))}
      </nav>
      <main className="station">
        <ErrorPanel />
        {!hasToken && <p className="notice">{messages.connection.noToken}</p>}
        {hasToken && hello !== null && !isConnected && <p className="notice">{messages.connection.lost}</p>}
        {station === 'data' && <DataStation />}
        {station === 'network' && <NetworkStation />}
        {station === 'training' && <TrainingStation />}
        {station === 'insight' && <InsightStation />}
      </main>
    </div>
  );
}
