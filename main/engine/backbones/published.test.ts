import { describe, expect, it } from 'vitest';
import { architectures } from '../network/index.ts';
import { accuracies, licences } from './facts.ts';
import { publishedWeights } from './published.ts';

describe('what is published', () => {
  it('is told for every architecture of Keras Applications', () => {
    for (const { name, keras, family } of architectures.values()) {
      expect(licences.has(family), family).toBe(true);
      if (keras === null) continue;
      expect(publishedWeights.has(name), name).toBe(true);
      expect(accuracies.has(name), name).toBe(true);
    }
    for (const name of [...publishedWeights.keys(), ...accuracies.keys()])
      expect(architectures.has(name), name).toBe(true);
  });
});
