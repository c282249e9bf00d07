import type { ExportResult, GoldenRow } from '../../../shared/domain/export.ts';
import { factsOf } from '../../../shared/domain/export.ts';
import { exportUrl, imageUrl } from '../../../shared/ipc/studio/studio.ts';
import { host } from '../../bridge/index.ts';
import { bytesText, percentText, rateText } from '../../format.ts';
import { messages } from '../../messages/index.ts';
import { useDataset } from '../../stores/data/dataset.ts';
import { engineToken } from '../../stores/engine.ts';
import { Icon } from '../../ui/Icon.tsx';
import { say } from '../../ui/toasts.ts';

/** What an export gave: whether it says the same as the studio, on which images, and how it is used. */
export function Verification({ result }: { readonly result: ExportResult }) {
  const text = messages.exporting;
  const { verified, accuracy, golden, files, modelBytes, directory, snippet, notices, format } = result;
  return (
    <section className="verification" data-testid="exported">
      <h2>
        <Icon name="check" /> {text.ready(factsOf(format).title)}
      </h2>
      {verified.runtime === null ? (
        <p>{text.unchecked}</p>
      ) : (
        <p>
          <strong>{text.checked(verified.runtime, verified.images)}.</strong>{' '}
          {verified.maxAbsDifference !== null && text.difference(rateText(verified.maxAbsDifference))}{' '}
          {verified.labelAgreement !== null && text.agreement(percentText(verified.labelAgreement))}
        </p>
      )}
      {accuracy !== null && <p>{text.accuracy(percentText(accuracy.before), percentText(accuracy.after))}</p>}
      {notices.map((notice) => (
        <p key={notice} className="muted">
          {notice}
        </p>
      ))}
      {verified.runtime !== null && <Golden rows={golden} classes={result.classes} />}
      <div className="row">
        <span className="muted">
          {directory} · {text.files(files.length, bytesText(modelBytes))}
        </span>
        {host().shell === 'browser' && (
          <a className="button" href={exportUrl(directory, engineToken())} download>
            <Icon name="download" size={16} />
            {text.zip}
          </a>
        )}
        {host().canReveal && (
          <button type="button" onClick={() => void host().reveal(directory)}>
            <Icon name="folder" size={16} />
            {text.reveal}
          </button>
        )}
      </div>
      <details>
        <summary>{snippet.file}</summary>
        <pre tabIndex={0}>{snippet.code}</pre>
      </details>
      <button
        type="button"
        onClick={() => {
          void navigator.clipboard.writeText(snippet.code).then(() => {
            say(text.copied);
          });
        }}
      >
        <Icon name="copy" size={16} />
        {text.copy}
      </button>
      <ul className="files">
        {files.map((file) => (
          <li key={file}>{file}</li>
        ))}
      </ul>
    </section>
  );
}

interface GoldenProps {
  readonly rows: readonly GoldenRow[];
  readonly classes: readonly string[];
}

function Golden({ rows, classes }: GoldenProps) {
  const dataset = useDataset((state) => state.dataset);
  const text = messages.exporting;
  return (
    <figure className="golden">
      <figcaption>
        <strong>{text.golden}</strong>
      </figcaption>
      <ul>
        {rows.map(({ image, source, probabilities, exported }) => (
          <li key={image}>
            {dataset !== null && source !== null && (
              <img src={imageUrl(dataset.location, source, engineToken())} alt={source} loading="lazy" />
            )}
            <span>{`${text.studio}: ${topOf(probabilities, classes)}`}</span>
            {exported !== null && <span>{`${text.exported}: ${topOf(exported, classes)}`}</span>}
          </li>
        ))}
      </ul>
    </figure>
  );
}

function topOf(probabilities: readonly number[], classes: readonly string[]): string {
  const best = probabilities.indexOf(Math.max(...probabilities));
  return `${classes[best] ?? ''} ${percentText(probabilities[best] ?? NaN)}`;
}
