import { Toast } from '@base-ui/react/toast';

/** The studio's short notices: shown for a moment, read out by screen readers. */
export const toasts = Toast.createToastManager();

/** Tells what has happened. `description` says more. */
export function say(title: string, description?: string): void {
  toasts.add({ title, ...(description !== undefined && { description }) });
}
