import { Toast } from '@base-ui/react/toast';
import { messages } from '../messages/index.ts';
import { Icon } from '../ui/Icon.tsx';
import { toasts } from '../ui/toasts.ts';

/** Where short notices appear. */
export function Toasts() {
  return (
    <Toast.Provider toastManager={toasts} limit={3}>
      <Toast.Portal>
        <Toast.Viewport className="toasts">
          <List />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function List() {
  const manager = Toast.useToastManager();
  return manager.toasts.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className="toast">
      <Toast.Content className="toast-content">
        <div>
          <Toast.Title className="toast-title" />
          <Toast.Description className="muted" />
        </div>
        <Toast.Close className="bare" aria-label={messages.frame.dismiss}>
          <Icon name="close" size={14} />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ));
}
