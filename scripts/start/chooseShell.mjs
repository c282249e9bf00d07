/**
 * Whether the studio opens in its window or in a browser, and why not in the window.
 * @param {{ wanted: 'window' | 'browser' | undefined, platform: string, hasDisplay: boolean, isRoot: boolean }} given
 * @returns {{ shell: 'window' } | { shell: 'browser', reason: string | null }}
 */
export function chooseShell({ wanted, platform, hasDisplay, isRoot }) {
  if (wanted === 'browser') return { shell: 'browser', reason: null };
  if (platform === 'linux' && !hasDisplay)
    return { shell: 'browser', reason: 'there is no display to open a window on' };
  if (platform === 'linux' && isRoot)
    return {
      shell: 'browser',
      reason: 'Thaw was started as root, for whom Electron does not protect its pages',
    };
  return { shell: 'window' };
}
