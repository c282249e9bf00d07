import { z } from 'zod';

const rectangleSchema = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(1),
  height: z.number().int().min(1),
});
export type Rectangle = z.infer<typeof rectangleSchema>;

/** Where the window was, and whether it filled the screen. */
export const windowStateSchema = z.object({ bounds: rectangleSchema, isMaximized: z.boolean() });
export type WindowState = z.infer<typeof windowStateSchema>;

export const smallest = { width: 800, height: 560 } as const;
const usual = { width: 1280, height: 800 } as const;

/**
 * Where to open the window: where it was, if enough of it to be taken hold of would be visible on one of the screens;
 * else in its usual size, placed by the system.
 */
export function placeWindow(
  state: WindowState | null,
  screens: readonly Rectangle[],
): Partial<Rectangle> & { width: number; height: number } {
  if (state === null || !screens.some((screen) => isReachable(state.bounds, screen))) return usual;
  const { bounds } = state;
  return {
    ...bounds,
    width: Math.max(bounds.width, smallest.width),
    height: Math.max(bounds.height, smallest.height),
  };
}

/** A hundred pixels of the title bar are on the screen. */
function isReachable(bounds: Rectangle, screen: Rectangle): boolean {
  const across = Math.min(bounds.x + bounds.width, screen.x + screen.width) - Math.max(bounds.x, screen.x);
  return across >= 100 && bounds.y >= screen.y && bounds.y <= screen.y + screen.height - 100;
}
