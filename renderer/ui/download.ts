/** Gives the user a file made in the page. */
export function download(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has begun to read it when the click returns.
  window.setTimeout(() => {
    URL.revokeObjectURL(address);
  }, 10_000);
}

/** A canvas as a PNG on a ground of this colour. */
export function pngOf(canvas: HTMLCanvasElement, ground: string): Promise<Blob | null> {
  const copy = document.createElement('canvas');
  copy.width = canvas.width;
  copy.height = canvas.height;
  const context = copy.getContext('2d');
  if (context === null) return Promise.resolve(null);
  context.fillStyle = ground;
  context.fillRect(0, 0, copy.width, copy.height);
  context.drawImage(canvas, 0, 0);
  return new Promise((resolve) => {
    copy.toBlob(resolve, 'image/png');
  });
}
