import { useEffect, useMemo } from 'react';
import { Autocomplete } from '@base-ui/react/autocomplete';
import { Dialog } from '@base-ui/react/dialog';
import { messages } from '../messages/index.ts';
import { useApp } from '../stores/app.ts';
import { Icon } from '../ui/Icon.tsx';
import type { CommandGroup, PaletteCommand } from './commands.ts';
import { currentCommands } from './commands.ts';

/** Ctrl-K or Cmd-K: every command by its name. */
export function Palette() {
  const { isPaletteOpen, openPalette } = useApp();
  const text = messages.frame;
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'k') return;
      event.preventDefault();
      openPalette(!useApp.getState().isPaletteOpen);
    };
    window.addEventListener('keydown', press);
    return () => {
      window.removeEventListener('keydown', press);
    };
  }, [openPalette]);
  return (
    <Dialog.Root open={isPaletteOpen} onOpenChange={openPalette}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Popup className="palette" aria-label={text.commands}>
          <Commands />
          <Dialog.Close className="unseen">{text.closeCommands}</Dialog.Close>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Commands() {
  const openPalette = useApp((state) => state.openPalette);
  const groups = useMemo(currentCommands, []);
  const text = messages.frame;
  return (
    <Autocomplete.Root open inline items={groups} autoHighlight="always" keepHighlight>
      <Autocomplete.InputGroup className="palette-search">
        <Icon name="search" />
        <Autocomplete.Input aria-label={text.findCommand} placeholder={text.findCommand} />
      </Autocomplete.InputGroup>
      <Autocomplete.Empty className="muted">{text.noCommand}</Autocomplete.Empty>
      <Autocomplete.List className="palette-list">
        {(group: CommandGroup) => (
          <Autocomplete.Group key={group.value} items={group.items}>
            <Autocomplete.GroupLabel className="label">{group.value}</Autocomplete.GroupLabel>
            <Autocomplete.Collection>
              {(command: PaletteCommand) => (
                <Autocomplete.Item
                  key={command.value}
                  value={command}
                  className="menu-item"
                  onClick={() => {
                    openPalette(false);
                    command.run();
                  }}
                >
                  {command.label}
                </Autocomplete.Item>
              )}
            </Autocomplete.Collection>
          </Autocomplete.Group>
        )}
      </Autocomplete.List>
    </Autocomplete.Root>
  );
}
