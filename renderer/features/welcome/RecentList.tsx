import { useEffect } from 'react';
import { dateText } from '../../format.ts';
import { messages } from '../../messages/index.ts';
import { useApp } from '../../stores/app.ts';
import { openDataset } from '../../stores/data/open.ts';
import { useRecents } from '../../stores/frame/recents.ts';
import { Icon } from '../../ui/Icon.tsx';

/** What was open lately; a click opens it again. */
export function RecentList() {
  const isReady = useApp((state) => state.hello !== null);
  const { recents, load, forget } = useRecents();
  const text = messages.welcome;
  useEffect(() => {
    if (isReady) void load();
  }, [isReady, load]);
  const shown = recents.filter(({ kind }) => kind !== 'run');
  return (
    <section className="recents">
      <h2>{text.recent}</h2>
      {shown.length === 0 && <p className="muted">{text.noRecent}</p>}
      <ul>
        {shown.map(({ path, name, opened }) => (
          <li key={path}>
            <button
              type="button"
              className="recent"
              onClick={() => {
                openDataset(path);
              }}
            >
              <Icon name="folder" />
              <span>
                <strong>{name}</strong>
                <span className="muted">{path}</span>
              </span>
              <time className="muted" dateTime={opened}>
                {dateText(opened)}
              </time>
            </button>
            <button
              type="button"
              className="bare"
              aria-label={text.forget(name)}
              title={text.forget(name)}
              onClick={() => void forget(path)}
            >
              <Icon name="close" size={14} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
