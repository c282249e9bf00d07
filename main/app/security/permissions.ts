import { session } from 'electron';
import { isPageUrl } from './page.ts';

/** The camera, for our own page; nothing else for anybody. */
export function setupPermissions(): void {
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_contents, permission, grant, details) => {
    const media = 'mediaTypes' in details ? (details.mediaTypes ?? []) : [];
    const isCamera = permission === 'media' && media.length > 0 && media.every((kind) => kind === 'video');
    grant(isCamera && details.isMainFrame && isPageUrl(details.requestingUrl));
  });
  defaultSession.setPermissionCheckHandler((_contents, permission, origin, details) => {
    return permission === 'media' && details.mediaType === 'video' && isPageUrl(origin);
  });
  defaultSession.setDevicePermissionHandler(() => false);
}
