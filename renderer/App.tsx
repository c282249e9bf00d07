import { CSPProvider } from '@base-ui/react/csp-provider';
import { DataStation } from './features/data/DataStation.tsx';
import { ExportStation } from './features/export/ExportStation.tsx';
import { InsightStation } from './features/insight/InsightStation.tsx';
import { NetworkStation } from './features/network/NetworkStation.tsx';
import { TrainingStation } from './features/training/TrainingStation.tsx';
import { WelcomeScreen } from './features/welcome/WelcomeScreen.tsx';
import { Header } from './frame/Header.tsx';
import { Palette } from './frame/Palette.tsx';
import { Rail } from './frame/Rail.tsx';
import { Toasts } from './frame/Toasts.tsx';
import { Tour } from './frame/Tour.tsx';
import { messages } from './messages/index.ts';
import { useApp } from './stores/app.ts';
import { ErrorPanel } from './ui/ErrorPanel.tsx';

/** The window: a bar, the stations' rail, and one screen. */
export function App({ hasToken }: { readonly hasToken: boolean }) {
  const { station, isConnected, hello } = useApp();
  return (
    <CSPProvider disableStyleElements>
      <div className="studio">
        <Header />
        <Rail />
        <main className="station">
          <ErrorPanel />
          {!hasToken && <p className="notice">{messages.connection.noToken}</p>}
          {hasToken && hello !== null && !isConnected && <p className="notice">{messages.connection.lost}</p>}
          {station === 'welcome' && <WelcomeScreen />}
          {station === 'data' && <DataStation />}
          {station === 'network' && <NetworkStation />}
          {station === 'training' && <TrainingStation />}
          {station === 'insight' && <InsightStation />}
          {station === 'export' && <ExportStation />}
        </main>
      </div>
      <Tour />
      <Palette />
      <Toasts />
    </CSPProvider>
  );
}
