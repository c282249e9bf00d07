/** What a page's worker uses beyond Chromium 83. */
import { supplyLanguage } from './supply.ts';

supplyLanguage();
