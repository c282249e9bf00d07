import { countByClass, type Finding, type ImageRecord } from '../../../../shared/domain/dataset.ts';

const imbalanceRatio = 5;

/** Classes that are empty, too small to be validated, never trained on, or far larger than others. */
export function classFindings(
  classes: readonly string[],
  images: readonly ImageRecord[],
  named: readonly string[],
): Finding[] {
  const findings: Finding[] = [];
  const small = (name: string, message: string, excluded: boolean) => {
    findings.push({ kind: 'small-class', severity: 'warning', paths: [name], message, excluded });
  };
  for (const name of named) {
    if (!classes.includes(name)) small(name, `The class ${name} has no usable image and was left out.`, true);
  }
  const counts = countByClass(classes, images);
  const trained = new Set(
    images.filter(({ split }) => split === null || split === 'train').map(({ label }) => label),
  );
  for (const { name, images: count } of counts) {
    if (count === 1) {
      small(name, `The class ${name} has 1 image: it is trained on and cannot be validated.`, false);
    } else if (!trained.has(name)) {
      small(name, `The class ${name} has no image to train on.`, false);
    }
  }
  const sorted = [...counts].sort((a, b) => b.images - a.images);
  const [largest, smallest] = [sorted[0], sorted.at(-1)];
  if (largest && smallest && largest.images >= imbalanceRatio * smallest.images) {
    findings.push({
      kind: 'class-imbalance',
      severity: 'warning',
      paths: [largest.name, smallest.name],
      message: `The class ${largest.name} has ${largest.images} images and ${smallest.name} has ${smallest.images}; class weights or more images of the small classes help.`,
      excluded: false,
    });
  }
  return findings;
}
