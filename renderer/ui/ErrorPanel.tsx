import { useApp } from '../stores/app.ts';
import { ErrorDetails } from './ErrorDetails.tsx';

/** The last error of the studio. */
export function ErrorPanel() {
  const { error, dismiss } = useApp();
  return error === null ? null : <ErrorDetails className="error" error={error} onDismiss={dismiss} />;
}
