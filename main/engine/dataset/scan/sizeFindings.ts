import type { Finding, ImageRecord } from '../../../../shared/domain/dataset.ts';
import { isLong, isSmall, longRatio, smallSide } from '../../../../shared/domain/project/tidy.ts';

/** Images of a size that training copes with badly, a finding for each reason. They are used all the same. */
export function sizeFindings(images: readonly ImageRecord[]): Finding[] {
  const found = (paths: string[], what: string): Finding[] =>
    paths.length === 0
      ? []
      : [
          {
            kind: 'odd-size',
            severity: 'warning',
            paths,
            message: `${count(paths)} ${what}`,
            excluded: false,
          },
        ];
  const small = images.filter(isSmall);
  const long = images.filter((image) => !isSmall(image) && isLong(image));
  return [
    ...found(
      small.map(({ path }) => path),
      `less than ${smallSide} pixels wide or high: enlarged, they show a network little.`,
    ),
    ...found(
      long.map(({ path }) => path),
      `more than ${longRatio} times as long as wide: squashed they are distorted, cropped most of them is lost; pad keeps them.`,
    ),
  ];
}

function count(paths: readonly string[]): string {
  return paths.length === 1 ? `${paths[0] ?? ''} is` : `${paths.length} images are`;
}
