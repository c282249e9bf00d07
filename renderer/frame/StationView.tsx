import type { ComponentType } from 'react';
import { lazy, Suspense } from 'react';
import type { Station } from '../stores/app.ts';
import { useApp } from '../stores/app.ts';
import { WelcomeScreen } from '../features/welcome/WelcomeScreen.tsx';
import { messages } from '../messages/index.ts';
import { LoadBoundary } from './LoadBoundary.tsx';
import { stationParts } from './stationParts.ts';

const screens: Readonly<Record<Station, ComponentType>> = {
  data: lazy(stationParts.data),
  network: lazy(stationParts.network),
  training: lazy(stationParts.training),
  insight: lazy(stationParts.insight),
  export: lazy(stationParts.export),
};

/** The screen that is open. A station's part of the page is loaded when it is first opened, or before, in an idle moment. */
export function StationView() {
  const station = useApp((state) => state.station);
  if (station === 'welcome') return <WelcomeScreen />;
  const Screen = screens[station];
  return (
    <LoadBoundary key={station}>
      <Suspense fallback={<Loading screen={station} />}>
        <Screen />
      </Suspense>
    </LoadBoundary>
  );
}

function Loading({ screen }: { readonly screen: Station }) {
  return (
    <p className="station-loading" role="status">
      {messages.frame.loading(messages.stations[screen])}
    </p>
  );
}
