import { useState } from 'react';
import { host } from '../../bridge/index.ts';
import { messages } from '../../messages/index.ts';
import { useApp } from '../../stores/app.ts';
import { useDataset } from '../../stores/data/dataset.ts';
import { chooseDataset } from '../../stores/data/open.ts';
import { Icon } from '../../ui/Icon.tsx';
import { DropZone } from './take/DropZone.tsx';

/** Where nothing is open: how to begin. */
export function OpenData() {
  const hello = useApp((state) => state.hello);
  const { open, begin } = useDataset();
  const text = messages.data;
  return (
    <div className="page">
      <h1>{text.title}</h1>
      <p className="muted">{text.hint}</p>
      <DropZone />
      <PathForm />
      <div className="row">
        <button
          type="button"
          disabled={hello === null}
          onClick={() => {
            if (hello !== null) void open(hello.sample);
          }}
        >
          {text.sample}
        </button>
        <button type="button" disabled={hello === null} onClick={() => void begin(text.emptyName)}>
          <Icon name="camera" size={16} />
          {text.empty}
        </button>
      </div>
    </div>
  );
}

/** Opens what lies on the engine's machine: by the host's dialog where it has one, else by its path. */
export function PathForm() {
  const hello = useApp((state) => state.hello);
  const open = useDataset((state) => state.open);
  const [location, setLocation] = useState('');
  const text = messages.data;
  const place = location.trim();
  if (host().canChoose)
    return (
      <div className="row">
        <button type="button" onClick={() => void chooseDataset()}>
          <Icon name="folder" size={16} />
          {text.openOther}
        </button>
      </div>
    );
  return (
    <form
      className="row"
      onSubmit={(event) => {
        event.preventDefault();
        if (place !== '') void open(place);
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
      <button type="submit" disabled={hello === null || place === ''}>
        {text.open}
      </button>
    </form>
  );
}
