import { decide } from '../../../stores/data/decisions.ts';
import { useImages } from '../../../stores/data/images.ts';

/** What a drag of the page's own images carries. */
const dragType = 'application/x-thaw-images';

/** Begins dragging an image, with all selected ones if it is among them. */
export function beginDrag(transfer: DataTransfer, path: string): void {
  const { selected } = useImages.getState();
  const images = selected.has(path) ? [...selected.keys()] : [path];
  transfer.setData(dragType, JSON.stringify(images));
  transfer.effectAllowed = 'move';
}

export function bringsImages(transfer: DataTransfer): boolean {
  return transfer.types.includes(dragType);
}

/** Moves the images a drag carries to a class. */
export async function dropImages(transfer: DataTransfer, label: string): Promise<void> {
  const images = JSON.parse(transfer.getData(dragType)) as string[];
  if (images.length > 0) await decide({ type: 'label', images, label });
}
