import { activationCases } from './activationCases.ts';
import { convolutionCases } from './convolutionCases.ts';
import type { Case } from './makeCase.ts';
import { networkCases } from './networkCases.ts';
import { normalizationCases } from './normalizationCases.ts';
import { shapingCases } from './shapingCases.ts';

export type { Case } from './makeCase.ts';

/** Every layer class with the settings that matter. */
export const cases: readonly Case[] = [
  ...convolutionCases,
  ...normalizationCases,
  ...activationCases,
  ...shapingCases,
  ...networkCases,
];
