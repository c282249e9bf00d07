import { useState } from 'react';
import type { DatasetSummary } from '../../../shared/ipc/results.ts';
import { imageUrl } from '../../../shared/ipc/studio.ts';
import { messages } from '../../messages/index.ts';
import { useApp } from '../../stores/app.ts';
import { useDataset } from '../../stores/dataset.ts';
import { engineToken } from '../../stores/engine.ts';
import { DropZone } from './DropZone.tsx';
import './data.css';

/** Opening a dataset, and what is in it. */
export function DataStation() {
  const hello = useApp((state) => state.hello);
  const { dataset, scan, open } = useDataset();
  const [location, setLocation] = useState('');
  const text = messages.data;
  return (
    <div className="page">
      <h1>{text.title}</h1>
      <p className="muted">{text.hint}</p>
      <DropZone />
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault();
          if (location.trim() !== '') void open(location.trim());
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
        <button type="submit" disabled={hello === null || location.trim() === ''}>
          {text.open}
        </button>
        <button
          type="button"
          className="quiet"
          disabled={hello === null}
          onClick={() => {
            if (hello !== null) void open(hello.sample);
          }}
        >
          {text.sample}
        </button>
      </form>
      {scan !== null && (
        <label className="progress">
          {text.scanning(scan.done, scan.total)}
          <progress value={scan.total === null ? undefined : scan.done} max={scan.total ?? undefined} />
        </label>
      )}
      {dataset !== null && scan === null && <Report dataset={dataset} />}
    </div>
  );
}

function Report({ dataset }: { readonly dataset: DatasetSummary }) {
  const text = messages.data;
  const most = Math.max(1, ...dataset.classes.map(({ images }) => images));
  return (
    <>
      <h2>{text.summary(dataset.images, dataset.classes.length)}</h2>
      {dataset.split !== null && (
        <p className="muted">{text.split(dataset.split.train, dataset.split.validation)}</p>
      )}
      <ul className="classes">
        {dataset.classes.map((one) => (
          <li key={one.class}>
            <div className="row">
              <strong>{one.class}</strong>
              <span className="spring" />
              <span className="muted">{text.images(one.images)}</span>
            </div>
            <meter
              min={0}
              max={most}
              value={one.images}
              aria-label={`${one.class}: ${text.images(one.images)}`}
            />
            {dataset.kind === 'folder' && (
              <div className="thumbnails">
                {one.examples.slice(0, 12).map((path) => (
                  <img
                    key={path}
                    src={imageUrl(dataset.location, path, engineToken())}
                    alt={path}
                    title={path}
                    loading="lazy"
                  />
                ))}
              </div>
            )}
          </li>
        ))}
      </ul>
      <h2>{text.findings}</h2>
      {dataset.findings.length === 0 ? (
        <p>{text.noFindings}</p>
      ) : (
        <ul className="findings">
          {dataset.findings.map(({ kind, severity, message, excluded, paths }) => (
            <li key={`${kind} ${paths.join()} ${message}`} className={severity}>
              <span className="tag">{severity}</span> {message}
              {excluded && <span className="muted"> ({text.unused})</span>}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
