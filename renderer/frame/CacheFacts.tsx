import { useEffect } from 'react';
import { countText } from '../format.ts';
import { messages } from '../messages/index.ts';
import { useCache } from '../stores/frame/cache.ts';

const text = messages.frame.cache;

/** What is kept of features and of what scans found, how much of the disk that takes, and a way to drop it. */
export function CacheFacts() {
  const { report, isClearing, look, clear } = useCache();
  useEffect(() => void look(), [look]);
  if (report === null) return null;
  const files = report.scans.entries.reduce((sum, entry) => sum + entry.files, 0);
  const isEmpty = report.bytes + report.scans.bytes === 0;
  return (
    <section data-testid="cache" aria-label={text.title}>
      <dl className="facts">
        <div>
          <dt>{text.features}</dt>
          <dd>{text.ofAtMost(report.bytes, report.limitBytes)}</dd>
        </div>
        <div>
          <dt>{text.scans}</dt>
          <dd>
            {text.files(countText(files))}, {text.ofAtMost(report.scans.bytes, report.scans.limitBytes)}
          </dd>
        </div>
      </dl>
      <p className="muted">{text.hint}</p>
      <button type="button" disabled={isEmpty || isClearing} onClick={() => void clear()}>
        {text.clear}
      </button>
    </section>
  );
}
