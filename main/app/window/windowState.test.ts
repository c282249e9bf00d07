import { expect, it } from 'vitest';
import { placeWindow } from './windowState.ts';

const laptop = { x: 0, y: 0, width: 1440, height: 900 };
const second = { x: 1440, y: 0, width: 1920, height: 1080 };
const at = (x: number, y: number) => ({ bounds: { x, y, width: 1200, height: 800 }, isMaximized: false });

it('opens the window where it was, on whichever screen', () => {
  expect(placeWindow(at(100, 50), [laptop])).toEqual({ x: 100, y: 50, width: 1200, height: 800 });
  expect(placeWindow(at(2000, 50), [laptop, second])).toMatchObject({ x: 2000 });
});

it('does not open it where nobody can reach it: the screen is gone, or it hangs over the edge', () => {
  for (const lost of [at(2000, 50), at(-1150, 0), at(1400, 0), at(0, -40), at(0, 850)])
    expect(placeWindow(lost, [laptop])).toEqual({ width: 1280, height: 800 });
  expect(placeWindow(null, [laptop])).toEqual({ width: 1280, height: 800 });
});

it('never opens it too small to use', () => {
  const tiny = { bounds: { x: 0, y: 0, width: 10, height: 10 }, isMaximized: false };
  expect(placeWindow({ ...tiny, bounds: { ...tiny.bounds, width: 120 } }, [laptop])).toMatchObject({
    width: 800,
    height: 560,
  });
});
