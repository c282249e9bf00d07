export const pageScheme = 'thaw';
export const pageHost = 'studio';

/** Address of the window's page. */
export const pageUrl = `${pageScheme}://${pageHost}/`;

/** Whether an address belongs to our page: nothing else is trusted with anything. */
export function isPageUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, host } = new URL(url);
  return protocol === `${pageScheme}:` && host === pageHost;
}
