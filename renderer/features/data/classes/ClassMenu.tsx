import { AlertDialog } from '@base-ui/react/alert-dialog';
import { Menu } from '@base-ui/react/menu';
import { useState } from 'react';
import { messages } from '../../../messages/index.ts';
import { decide } from '../../../stores/data/decisions.ts';
import { useImages } from '../../../stores/data/images.ts';
import { Icon } from '../../../ui/Icon.tsx';
import { NameDialog } from '../NameDialog.tsx';

interface ClassMenuProps {
  readonly name: string;
  readonly images: number;
  readonly names: readonly string[];
}

/** Renaming, merging and deleting a class. */
export function ClassMenu({ name, images, names }: ClassMenuProps) {
  const [asking, setAsking] = useState<'rename' | 'delete' | null>(null);
  const text = messages.data;
  const close = (): void => {
    setAsking(null);
  };
  return (
    <>
      <Menu.Root>
        <Menu.Trigger className="bare square" aria-label={text.classMenu(name)} title={text.classMenu(name)}>
          <Icon name="more" size={16} />
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner sideOffset={4} align="end" className="over">
            <Menu.Popup className="menu">
              <Menu.Item
                className="menu-item"
                onClick={() => {
                  setAsking('rename');
                }}
              >
                <Icon name="edit" size={16} />
                {text.rename}
              </Menu.Item>
              <Menu.SubmenuRoot disabled={names.length < 2}>
                <Menu.SubmenuTrigger className="menu-item">
                  <Icon name="copy" size={16} />
                  {text.merge}
                  <span className="spring" />
                  <span aria-hidden>›</span>
                </Menu.SubmenuTrigger>
                <Menu.Portal>
                  <Menu.Positioner className="over">
                    <Menu.Popup className="menu long">
                      {names
                        .filter((other) => other !== name)
                        .map((other) => (
                          <Menu.Item
                            key={other}
                            className="menu-item"
                            onClick={() => void decide({ type: 'merge-classes', from: name, into: other })}
                          >
                            {other}
                          </Menu.Item>
                        ))}
                    </Menu.Popup>
                  </Menu.Positioner>
                </Menu.Portal>
              </Menu.SubmenuRoot>
              <Menu.Item
                className="menu-item"
                onClick={() => {
                  setAsking('delete');
                }}
              >
                <Icon name="trash" size={16} />
                {text.remove}
              </Menu.Item>
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      {asking === 'rename' && (
        <NameDialog
          title={text.renameTitle(name)}
          action={text.renameAction}
          initial={name}
          taken={names}
          onClose={close}
          onName={(to) => void rename(name, to)}
        />
      )}
      <AlertDialog.Root
        open={asking === 'delete'}
        onOpenChange={(isOpen) => {
          if (!isOpen) close();
        }}
      >
        <AlertDialog.Portal>
          <AlertDialog.Backdrop className="backdrop" />
          <AlertDialog.Popup className="dialog">
            <AlertDialog.Title>{text.removeTitle(name)}</AlertDialog.Title>
            <AlertDialog.Description>{text.removeText(images)}</AlertDialog.Description>
            <div className="row">
              <AlertDialog.Close>{text.cancel}</AlertDialog.Close>
              <AlertDialog.Close
                className="danger"
                onClick={() => void decide({ type: 'delete-class', name })}
              >
                {text.removeAction}
              </AlertDialog.Close>
            </div>
          </AlertDialog.Popup>
        </AlertDialog.Portal>
      </AlertDialog.Root>
    </>
  );
}

/** Renames a class, and goes on showing it. */
async function rename(from: string, to: string): Promise<void> {
  if (from === to) return;
  const { view, show } = useImages.getState();
  const isShown = view.type === 'images' && view.label === from;
  if ((await decide({ type: 'rename-class', from, to })) && isShown) show({ ...view, label: to });
}
