import { expect, it } from 'vitest';
import { pageTo } from './openAddress.ts';

it('leads to the address, which cannot become anything else on the page', () => {
  expect(pageTo('http://127.0.0.1:7421/#token=a_b-c')).toContain('url=http://127.0.0.1:7421/#token=a_b-c"');
  expect(pageTo('http://x/#"><script>')).not.toContain('<script>');
});
