import { Menu } from '@base-ui/react/menu';
import { useState } from 'react';
import { splitNames } from '../../../../shared/domain/project/project.ts';
import { messages } from '../../../messages/index.ts';
import { decide } from '../../../stores/data/decisions.ts';
import { useImages } from '../../../stores/data/images.ts';
import { Icon } from '../../../ui/Icon.tsx';
import { NameDialog } from '../NameDialog.tsx';
import { useClassNames } from '../classes/useClassNames.ts';
import { focusGrid, gridElement } from './focusGrid.ts';

interface SelectionProps {
  /** Whether the menu of classes is open; the keyboard on the grid opens it too. */
  readonly isMoving: boolean;
  onMoving(isMoving: boolean): void;
}

/** What can be done with the selected images: another class, a side, set aside or put back. */
export function SelectionActions({ isMoving, onMoving }: SelectionProps) {
  const selected = useImages((state) => state.selected);
  const view = useImages((state) => state.view);
  const names = useClassNames();
  const [isNaming, setIsNaming] = useState(false);
  const text = messages.data;
  const images = [...selected.keys()];
  const moveTo = (label: string): void => {
    void decide({ type: 'label', images, label });
  };
  const isAside = view.type === 'set-aside';
  return (
    <>
      <Menu.Root open={isMoving} onOpenChange={onMoving}>
        <Menu.Trigger>
          <Icon name="move" size={16} />
          {text.moveTo}
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner sideOffset={4} align="end" className="over">
            <Menu.Popup className="menu long" finalFocus={gridElement}>
              {names.map((name) => (
                <Menu.Item
                  key={name}
                  className="menu-item"
                  onClick={() => {
                    moveTo(name);
                  }}
                >
                  {name}
                </Menu.Item>
              ))}
              <Menu.Item
                className="menu-item"
                onClick={() => {
                  setIsNaming(true);
                }}
              >
                <Icon name="plus" size={15} />
                {text.moveToNew}
              </Menu.Item>
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      {!isAside && (
        <Menu.Root>
          <Menu.Trigger>
            <Icon name="pin" size={16} />
            {text.pin}
          </Menu.Trigger>
          <Menu.Portal>
            <Menu.Positioner sideOffset={4} align="end" className="over">
              <Menu.Popup className="menu" finalFocus={gridElement}>
                {splitNames.map((split) => (
                  <Menu.Item
                    key={split}
                    className="menu-item"
                    onClick={() => void decide({ type: 'pin', images, split })}
                  >
                    {text.pinTo[split]}
                  </Menu.Item>
                ))}
                <Menu.Item
                  className="menu-item"
                  onClick={() => void decide({ type: 'pin', images, split: null })}
                >
                  {text.unpin}
                </Menu.Item>
              </Menu.Popup>
            </Menu.Positioner>
          </Menu.Portal>
        </Menu.Root>
      )}
      <button
        type="button"
        onClick={() => {
          focusGrid();
          void decide({ type: isAside ? 'restore' : 'exclude', images });
        }}
      >
        <Icon name={isAside ? 'undo' : 'eyeOff'} size={16} />
        {isAside ? text.putBack : text.setAsideAction}
      </button>
      {isNaming && (
        <NameDialog
          title={text.newClass}
          action={text.moveTo}
          taken={names}
          onClose={() => {
            setIsNaming(false);
          }}
          onName={moveTo}
        />
      )}
    </>
  );
}
