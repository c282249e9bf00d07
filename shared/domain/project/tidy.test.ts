import { describe, expect, it } from 'vitest';
import type { Finding, FindingKind } from '../dataset.ts';
import type { Located } from './tidy.ts';
import { tidyKinds, tidyOf } from './tidy.ts';

function finding(kind: FindingKind, paths: readonly string[], excluded = false): Finding {
  return { kind, severity: 'warning', paths, message: '', excluded };
}

/** Names say where an image stands and how large it is; anything else is no image. */
const locate: Located = (path) => {
  const [, side, width = '64', height = '64'] = /^(train|validation|test)(?:-(\d+)x(\d+))?/.exec(path) ?? [];
  if (side === undefined) return null;
  return { side: side as 'train', width: Number(width), height: Number(height) };
};

describe('tidying', () => {
  it('keeps one of equal and of nearly equal images', () => {
    const findings = [
      // The kept one is not among the paths of exact duplicates.
      finding('duplicate', ['train-b', 'train-c'], true),
      finding('near-duplicate', ['train-d', 'test-e', 'train-f']),
    ];
    expect(tidyOf(['duplicate'], findings, locate).setAside).toEqual(['train-b', 'train-c']);
    expect(tidyOf(['near-duplicate'], findings, locate).setAside).toEqual(['test-e', 'train-f']);
    expect(tidyOf(['duplicate', 'near-duplicate'], findings, locate).setAside).toHaveLength(4);
  });

  it('keeps what is measured on and takes its likes from training', () => {
    const findings = [
      finding('split-leak', ['train-copy'], true),
      finding('split-leak', ['train-a', 'validation-b', 'test-c', 'train-d']),
    ];
    expect(tidyOf(['split-leak'], findings, locate)).toEqual({
      setAside: ['train-a', 'train-copy', 'train-d'],
      training: {},
    });
  });

  it('sets small images aside, pads long ones, and gives unequal classes weights', () => {
    const findings = [
      finding('odd-size', ['train-20x200', 'train-31x31']),
      finding('odd-size', ['train-40x400']),
      finding('class-imbalance', ['cat', 'dog']),
    ];
    expect(tidyOf(['odd-size'], findings, locate)).toEqual({
      setAside: ['train-20x200', 'train-31x31'],
      training: { resize: 'pad' },
    });
    expect(tidyOf(['odd-size'], findings.slice(0, 1), locate).training).toEqual({});
    expect(tidyOf(['class-imbalance'], findings, locate)).toEqual({
      setAside: [],
      training: { classWeights: 'auto' },
    });
  });

  it('does nothing about other kinds, nor about what is no image', () => {
    const findings = [finding('broken', ['notes', 'train-x'], true), finding('hidden-file', ['train-y'])];
    expect(tidyOf(tidyKinds, findings, locate).setAside).toEqual(['train-x']);
    expect(tidyOf(['truncated'], findings, locate).setAside).toEqual([]);
  });
});
