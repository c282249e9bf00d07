const imageExtensions = new Set(
  (
    'jpg jpeg jpe jfif png apng webp avif gif tif tiff bmp dib heic heif jp2 jxl svg ' +
    'psd ico cr2 nef arw dng'
  ).split(' '),
);

/** Whether a name looks like an image's, by its extension. */
export function namesImage(name: string): boolean {
  return imageExtensions.has(extensionOf(name));
}

/** Lower-case extension without the dot; empty if there is none. */
export function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > name.lastIndexOf('/') + 1 ? name.slice(dot + 1).toLowerCase() : '';
}
