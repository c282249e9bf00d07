import { expect } from '@playwright/test';
import type { Locator } from '@playwright/test';
import { StudioPage } from './studioPage.ts';

/** The data station as a user sees it. */
export class DataPage extends StudioPage {
  /** Opens what lies at a place, from the start screen. */
  async openPath(location: string): Promise<void> {
    await this.openPathWaitingFor(location, this.page.getByRole('region', { name: 'Classes' }));
  }

  /** Opens what lies at a place, and waits for what then appears. */
  async openPathWaitingFor(location: string, appears: Locator): Promise<void> {
    await this.page.getByLabel('Path of a folder, zip or CSV on this machine').fill(location);
    await this.page.getByRole('button', { name: 'Open dataset' }).click();
    await appears.waitFor();
  }

  /** Opens something else while something is open. */
  async openOther(location: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Open other images…' }).click();
    await this.openPath(location);
  }

  item(name: string): Locator {
    return this.page.locator(`[data-class="${name}"]`);
  }

  /** How many images a class has. */
  count(name: string): Locator {
    return this.item(name).locator('.tally');
  }

  async show(name: string): Promise<void> {
    await this.item(name).locator('.class-name').click();
    await expect(this.page.locator('.grid-toolbar h2')).toContainText(name);
  }

  async newClass(name: string): Promise<void> {
    await this.page.getByRole('button', { name: 'New class' }).click();
    await this.page.getByLabel('Name of the class').fill(name);
    await this.page.getByRole('button', { name: 'Create' }).click();
  }

  /** Chooses what to do with a class. */
  async menu(name: string, what: string): Promise<void> {
    await this.page.getByRole('button', { name: `What to do with ${name}`, exact: true }).click();
    await this.page.getByRole('menuitem', { name: what }).click();
  }

  grid(): Locator {
    return this.page.getByRole('listbox', { name: 'Images' });
  }

  tile(path: string): Locator {
    return this.page.locator(`[data-path="${path}"]`);
  }

  /** The first images of the grid are really there. */
  async expectPictures(): Promise<void> {
    const picture = this.page.locator('.tile img').first();
    await expect
      .poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth))
      .toBeGreaterThan(0);
  }

  /** Where the open project lies, as the side panel says. */
  async projectFolder(): Promise<string> {
    const facts = this.page.locator('.side-panel .facts div').filter({ hasText: 'Project' });
    return (await facts.locator('dd').first().textContent()) ?? '';
  }

  /** Drops files of this machine on something, as the system's file manager does. */
  async dropFiles(target: Locator, files: readonly string[]): Promise<void> {
    await this.dragFiles(target, files, ['dragEnter', 'dragOver', 'drop']);
  }

  /** Drags files over something without letting go of them. */
  async dragFiles(
    target: Locator,
    files: readonly string[],
    steps: readonly ('dragEnter' | 'dragOver' | 'drop')[] = ['dragEnter', 'dragOver'],
  ): Promise<void> {
    const box = await target.boundingBox();
    const at = { x: (box?.x ?? 0) + 20, y: (box?.y ?? 0) + 12 };
    const data = { items: [], files: [...files], dragOperationsMask: 1 };
    const session = await this.page.context().newCDPSession(this.page);
    for (const type of steps) await session.send('Input.dispatchDragEvent', { type, ...at, data });
  }
}
