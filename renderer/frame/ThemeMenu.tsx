import { Menu } from '@base-ui/react/menu';
import { messages } from '../messages/index.ts';
import type { ThemeChoice } from '../stores/frame/theme.ts';
import { themeChoices, useTheme } from '../stores/frame/theme.ts';
import { Icon } from '../ui/Icon.tsx';

const icons = { system: 'system', light: 'sun', dark: 'moon' } as const;

/** Light, dark, or as the system is. */
export function ThemeMenu() {
  const { choice, choose } = useTheme();
  const text = messages.frame;
  return (
    <Menu.Root>
      <Menu.Trigger className="square" aria-label={text.theme} title={text.theme}>
        <Icon name={icons[choice]} />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={6} align="end" className="over">
          <Menu.Popup className="menu">
            <Menu.RadioGroup
              value={choice}
              onValueChange={(value: ThemeChoice) => {
                choose(value);
              }}
            >
              {themeChoices.map((one) => (
                <Menu.RadioItem key={one} value={one} className="menu-item" closeOnClick>
                  <Icon name={icons[one]} size={16} />
                  {text.themes[one]}
                  <span className="spring" />
                  <Menu.RadioItemIndicator>
                    <Icon name="check" size={14} />
                  </Menu.RadioItemIndicator>
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
