import { messages } from '../../messages/index.ts';
import { useDataset } from '../../stores/data/dataset.ts';

/** How far looking at the files has come. */
export function ScanProgress() {
  const { scan, cancelScan } = useDataset();
  const text = messages.data;
  if (scan === null) return null;
  return (
    <div className="page">
      <div className="card stack scanning" role="status">
        <label className="progress">
          {text.scanning(scan.done, scan.total)}
          <progress value={scan.total === null ? undefined : scan.done} max={scan.total ?? undefined} />
        </label>
        <p className="muted">{text.scanHint}</p>
        <div className="row">
          <button type="button" disabled={scan.jobId === null} onClick={() => void cancelScan()}>
            {text.cancel}
          </button>
        </div>
      </div>
    </div>
  );
}
