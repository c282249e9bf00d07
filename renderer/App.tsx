import { CSPProvider } from '@base-ui/react/csp-provider';
import { Header } from './frame/Header.tsx';
import { Palette } from './frame/Palette.tsx';
import { Rail } from './frame/Rail.tsx';
import { StationView } from './frame/StationView.tsx';
import { Toasts } from './frame/Toasts.tsx';
import { Tour } from './frame/Tour.tsx';
import { messages } from './messages/index.ts';
import { useApp } from './stores/app.ts';
import { ErrorPanel } from './ui/ErrorPanel.tsx';

/** The window: a bar, the stations' rail, and one screen. */
export function App({ hasToken }: { readonly hasToken: boolean }) {
  const { isConnected, hello } = useApp();
  return (
    <CSPProvider disableStyleElements>
      <div className="studio">
        <Header />
        <Rail />
        <main className="station">
          <ErrorPanel />
          {!hasToken && <p className="notice">{messages.connection.noToken}</p>}
          {hasToken && hello !== null && !isConnected && <p className="notice">{messages.connection.lost}</p>}
          <StationView />
        </main>
      </div>
      <Tour />
      <Palette />
      <Toasts />
    </CSPProvider>
  );
}
