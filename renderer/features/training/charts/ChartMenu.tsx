import { Menu } from '@base-ui/react/menu';
import { messages } from '../../../messages/index.ts';
import { Icon } from '../../../ui/Icon.tsx';

interface ChartMenuProps {
  readonly title: string;
  readonly isLogarithmic: boolean;
  onLogarithmic(isLogarithmic: boolean): void;
  onPng(): void;
  onCsv(): void;
}

/** What can be done with one chart. */
export function ChartMenu({ title, isLogarithmic, onLogarithmic, onPng, onCsv }: ChartMenuProps) {
  const text = messages.training.charts;
  return (
    <Menu.Root>
      <Menu.Trigger className="bare" aria-label={text.menu(title)}>
        <Icon name="more" size={16} />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={4} align="end" className="over">
          <Menu.Popup className="menu">
            <Menu.CheckboxItem className="menu-item" checked={isLogarithmic} onCheckedChange={onLogarithmic}>
              {text.logarithmic}
              <span className="spring" />
              <Menu.CheckboxItemIndicator>
                <Icon name="check" size={14} />
              </Menu.CheckboxItemIndicator>
            </Menu.CheckboxItem>
            <Menu.Item className="menu-item" onClick={onPng}>
              <Icon name="image" size={16} />
              {text.png}
            </Menu.Item>
            <Menu.Item className="menu-item" onClick={onCsv}>
              <Icon name="download" size={16} />
              {text.csv}
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
