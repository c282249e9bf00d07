import { existsSync } from 'node:fs';
import path from 'node:path';

/** Chromium as systems install it; null leaves the choice to Playwright's own download. */
export function chromium(): string | null {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  const candidates = [
    process.env['THAW_CHROMIUM'] ?? '',
    ...names.flatMap((name) => folders.map((folder) => path.join(folder, name))),
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  ];
  return candidates.find((file) => file !== '' && existsSync(file)) ?? null;
}
