import type { PlanState } from '../../../../../shared/domain/plan/edits.ts';
import type { Layout } from '../../layout/layout.ts';
import type { Picture } from './picture.ts';

/** The colours of the page as they are now. */
export type Colours = (name: string) => string;

export function coloursOfPage(): Colours {
  const style = getComputedStyle(document.documentElement);
  return (name) => style.getPropertyValue(name).trim();
}

export interface View {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
  readonly width: number;
  readonly height: number;
  /** Device pixels to one of the page. */
  readonly density: number;
}

const fills: Readonly<Record<PlanState, string>> = {
  frozen: '--ice',
  thawed: '--amber',
  partly: '--amber',
  weightless: '--surface',
};
const lines: Readonly<Record<PlanState, string>> = {
  frozen: '--ice-line',
  thawed: '--amber-line',
  partly: '--amber-line',
  weightless: '--line-strong',
};
const routeLines = { frozen: '--ice-line', cut: '--amber-line', trained: '--amber-line' } as const;
/** As the nodes' tint in graph.css. */
const hottest = 0.34;
const frameAlpha = 0.38;
const nameSize = 11;

/** Draws a network from afar: boxes in the colours of their states, routes, and the names of frames that have room. */
export function paint(
  canvas: CanvasRenderingContext2D,
  picture: Picture,
  layout: Layout,
  { x, y, zoom, width, height, density }: View,
  colour: Colours,
): void {
  canvas.setTransform(density, 0, 0, density, 0, 0);
  canvas.clearRect(0, 0, width, height);
  canvas.setTransform(density * zoom, 0, 0, density * zoom, density * x, density * y);
  // As thin as a pixel, whatever the zoom.
  canvas.lineWidth = Math.max(1.5, 0.8 / zoom);
  for (const [state, path] of picture.frames) {
    canvas.globalAlpha = frameAlpha;
    fill(path, colour(fills[state]));
    canvas.globalAlpha = 1;
    stroke(path, colour(lines[state]));
  }
  for (const [reach, path] of picture.routes) {
    canvas.setLineDash(reach === 'cut' ? [4 / zoom, 3 / zoom] : []);
    stroke(path, colour(routeLines[reach]));
  }
  canvas.setLineDash([]);
  for (const [state, path] of picture.nodes) {
    fill(path, colour(fills[state]));
    stroke(path, colour(lines[state]));
  }
  for (const [heat, path] of picture.heats) {
    canvas.globalAlpha = Math.min(1, 2 * hottest * heat);
    fill(path, colour('--hot'));
  }
  canvas.globalAlpha = 1;
  canvas.lineWidth = 3 / zoom;
  stroke(picture.selected, colour('--accent'));
  canvas.setTransform(density, 0, 0, density, 0, 0);
  names();

  function fill(path: Path2D, style: string): void {
    canvas.fillStyle = style;
    canvas.fill(path);
  }

  function stroke(path: Path2D, style: string): void {
    canvas.strokeStyle = style;
    canvas.stroke(path);
  }

  /** In the size of text, over what cannot be read. */
  function names(): void {
    canvas.font = `600 ${nameSize}px ${getComputedStyle(document.body).fontFamily}`;
    canvas.fillStyle = colour('--ink');
    for (const node of layout.nodes) {
      if (node.kind === 'layer') continue;
      const [left, top] = [node.x * zoom + x, node.y * zoom + y];
      const room = node.width * zoom - 6;
      const isOut = left > width || top > height || left + room < 0 || top + node.height * zoom < 0;
      if (isOut || room < 24 || canvas.measureText(node.name).width > room) continue;
      canvas.fillText(node.name, left + 4, top + nameSize + 1);
    }
  }
}
