import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { menuTemplate } from './menuTemplate.ts';
import type { MenuParts } from './menuTemplate.ts';
import { menuText } from './menuText.ts';

const parts: MenuParts = {
  text: menuText,
  isMac: false,
  hasDevTools: false,
  recents: [],
  theme: 'dark',
  command: vi.fn(),
  choose: vi.fn(),
  open: vi.fn(),
  clearRecents: vi.fn(),
  about: vi.fn(),
};

/** Every entry, those of submenus included. */
function entries(items: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? entries(item.submenu) : [])]);
}

const click = (items: readonly MenuItemConstructorOptions[], label: string): void => {
  const click = entries(items).find((item) => item.label === label)?.click as (() => void) | undefined;
  click?.();
};

describe('the menu', () => {
  it('gives every accelerator to one entry only', () => {
    for (const isMac of [true, false]) {
      const keys = entries(menuTemplate({ ...parts, isMac })).flatMap(({ accelerator }) => accelerator ?? []);
      expect(keys.length).toBeGreaterThan(5);
      expect(new Set(keys).size).toBe(keys.length);
    }
  });

  it('lists what was opened lately, and opens it', () => {
    const recent = {
      kind: 'dataset' as const,
      path: '/data/cats',
      name: 'cats',
      opened: '2026-01-01T00:00:00Z',
    };
    const items = menuTemplate({ ...parts, recents: [recent] });
    click(items, 'cats');
    expect(parts.open).toHaveBeenCalledWith('/data/cats');
    expect(entries(items).some(({ label }) => label === menuText.noRecents)).toBe(false);
    expect(entries(menuTemplate(parts)).find(({ label }) => label === menuText.noRecents)).toMatchObject({
      enabled: false,
    });
  });

  it('tells the page where to go and what to do, and marks the theme', () => {
    const items = menuTemplate(parts);
    click(items, menuText.stations.insight);
    click(items, menuText.stop);
    click(items, menuText.themes.light);
    expect(parts.command).toHaveBeenCalledWith({ name: 'go', station: 'insight' });
    expect(parts.command).toHaveBeenCalledWith({ name: 'stop' });
    expect(parts.command).toHaveBeenCalledWith({ name: 'theme', theme: 'light' });
    expect(entries(items).filter(({ checked }) => checked === true)).toMatchObject([{ label: 'Dark' }]);
  });

  it('has the entries for developers only where they are wanted', () => {
    const roles = (hasDevTools: boolean) =>
      entries(menuTemplate({ ...parts, hasDevTools })).map(({ role }) => role);
    expect(roles(false)).not.toContain('toggleDevTools');
    expect(roles(true)).toContain('toggleDevTools');
  });
});
