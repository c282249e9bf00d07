import type { ThawError } from '../../shared/errors.ts';
import { messages } from '../messages/index.ts';

interface ErrorDetailsProps {
  readonly error: ThawError;
  readonly className: string;
  onDismiss(): void;
}

/** An error: what it is about, what was expected and found, what to do. */
export function ErrorDetails({ error, className, onDismiss }: ErrorDetailsProps) {
  const rows = [
    [messages.error.expected, error.expected],
    [messages.error.found, error.found],
    [messages.error.remedy, error.remedy],
  ] as const;
  return (
    <section className={className} role="alert">
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
      <button type="button" onClick={onDismiss}>
        {messages.error.dismiss}
      </button>
    </section>
  );
}
