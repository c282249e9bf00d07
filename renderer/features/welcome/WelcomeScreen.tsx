import { useEffect, useState } from 'react';
import { host } from '../../bridge/index.ts';
import { messages } from '../../messages/index.ts';
import { useApp } from '../../stores/app.ts';
import { useDataset } from '../../stores/data/dataset.ts';
import { chooseDataset, openDataset } from '../../stores/data/open.ts';
import { Icon } from '../../ui/Icon.tsx';
import { DropZone } from '../data/take/DropZone.tsx';
import '../data/data.css';
import { RecentList } from './RecentList.tsx';
import { TourInvitation } from './TourInvitation.tsx';
import './welcome.css';

/** The first screen: the sample, one's own images, what was open lately. */
export function WelcomeScreen() {
  const { hello, go } = useApp();
  const isScanning = useDataset((state) => state.scan !== null);
  const text = messages.welcome;
  useEffect(() => {
    // Whatever began the opening, a drop among others, is shown where it goes on.
    if (isScanning) go('data');
  }, [isScanning, go]);
  return (
    <div className="welcome">
      <section className="intro">
        <h1>{text.title}</h1>
        <p className="muted">{text.lead}</p>
        <TourInvitation />
      </section>
      <section className="begin">
        <button
          type="button"
          className="primary big"
          disabled={hello === null}
          onClick={() => {
            if (hello !== null) openDataset(hello.sample);
          }}
        >
          {text.sample}
          <small>{text.sampleHint}</small>
        </button>
        <h2>{text.own}</h2>
        <DropZone />
        {host().canChoose ? (
          <button type="button" onClick={() => void chooseDataset()}>
            <Icon name="folder" />
            {text.choose}
          </button>
        ) : (
          <PathForm isReady={hello !== null} />
        )}
      </section>
      <RecentList />
    </div>
  );
}

function PathForm({ isReady }: { readonly isReady: boolean }) {
  const [location, setLocation] = useState('');
  const text = messages.data;
  const place = location.trim();
  return (
    <form
      className="row"
      onSubmit={(event) => {
        event.preventDefault();
        if (place !== '') openDataset(place);
      }}
    >
      <input
        aria-label={text.path}
        placeholder={text.path}
        value={location}
        onChange={(event) => {
          setLocation(event.target.value);
        }}
      />
      <button type="submit" disabled={!isReady || place === ''}>
        {text.open}
      </button>
    </form>
  );
}
