import { app, dialog } from 'electron';
import { setupMenu } from './menu/menu.ts';
import { openStudio } from './openStudio.ts';
import { setupOpening } from './opening.ts';
import { setupNavigation } from './security/navigation.ts';
import { setupPages } from './security/pages.ts';
import { setupPermissions } from './security/permissions.ts';
import { registerScheme, setupProtocol } from './security/protocol.ts';
import { setupTrainingWatch } from './training/trainingWatch.ts';
import { texts } from './texts.ts';
import { setupUserData } from './userData.ts';
import { setupClosing } from './window/closing.ts';
import { setupTheme } from './window/theme.ts';
import { openWindow } from './window/window.ts';

/** Entry of the desktop application. A second start hands what it was asked to open to the first, and ends. */
setupUserData();
registerScheme();
// Where the system cannot sandbox, whoever starts the application says so; else no process is without.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
if (app.requestSingleInstanceLock()) start().catch(giveUp);
else app.quit();

async function start(): Promise<void> {
  setupNavigation();
  const opening = setupOpening();
  await app.whenReady();
  const theme = await setupTheme();
  const studio = await openStudio(theme);
  setupPermissions();
  setupProtocol(studio);
  setupPages(studio);
  setupMenu(studio, theme);
  setupTrainingWatch(studio);
  setupClosing(studio);
  await openWindow(studio.window);
  opening.deliverTo(studio);
}

function giveUp(cause: unknown): void {
  dialog.showErrorBox(
    texts.cannotStart,
    cause instanceof Error ? (cause.stack ?? cause.message) : String(cause),
  );
  app.exit(1);
}
