import { messages } from '../messages/index.ts';
import { useApp } from '../stores/app.ts';

/** The last error: what it is about, what was expected and found, what to do. */
export function ErrorPanel() {
  const { error, dismiss } = useApp();
  if (error === null) return null;
  const rows = [
    [messages.error.expected, error.expected],
    [messages.error.found, error.found],
    [messages.error.remedy, error.remedy],
  ] as const;
  return (
    <section className="error" role="alert">
      <strong>{error.message}</strong>
      <dl>
        {rows.map(([name, text]) =>
          text === undefined ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{text}</dd>
            </div>
          ),
        )}
      </dl>
      <button type="button" onClick={dismiss}>
        {messages.error.dismiss}
      </button>
    </section>
  );
}
