/** What the page uses beyond Chromium 83. Comes before the product's own first module. */
import { supply, supplyLanguage } from './supply.ts';

supplyLanguage();
supply(crypto, 'randomUUID', () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const text = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return [0, 8, 12, 16, 20].map((from, index, all) => text.slice(from, all[index + 1])).join('-');
});
supply(AbortSignal.prototype, 'throwIfAborted', function (this: AbortSignal) {
  if (this.aborted) throw new DOMException('Aborted', 'AbortError');
});
supply(Element.prototype, 'checkVisibility', function (this: Element) {
  return this.getClientRects().length > 0;
});
supply(Element.prototype, 'replaceChildren', function (this: Element, ...nodes: Node[]) {
  this.textContent = '';
  this.append(...nodes);
});
