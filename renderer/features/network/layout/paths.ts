import type { Box, Point } from './layout.ts';

/** Which way an edge leaves and enters. */
export type Flow = 'down' | 'right';

/** A smooth path through points that leaves and enters each of them along the flow. */
export function curved(points: readonly Point[], flow: Flow): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  let path = `M${at(first)}`;
  let from = first;
  for (const to of rest) {
    if (flow === 'down') {
      const middle = (from.y + to.y) / 2;
      path += isClose(from.x, to.x)
        ? `L${at(to)}`
        : `C${round(from.x)},${round(middle)} ${round(to.x)},${round(middle)} ${at(to)}`;
    } else {
      const middle = (from.x + to.x) / 2;
      path += isClose(from.y, to.y)
        ? `L${at(to)}`
        : `C${round(middle)},${round(from.y)} ${round(middle)},${round(to.y)} ${at(to)}`;
    }
    from = to;
  }
  return path;
}

/** A path of straight lines with rounded corners. */
export function cornered(points: readonly Point[], radius = 10): string {
  const corners = points.filter((point, index) => index === 0 || !isSame(point, points[index - 1]));
  const [first] = corners;
  const last = corners.at(-1);
  if (first === undefined || last === undefined) return '';
  let path = `M${at(first)}`;
  for (const [index, corner] of corners.entries()) {
    const before = corners[index - 1];
    const after = corners[index + 1];
    if (before === undefined || after === undefined) continue;
    path += `L${at(towards(corner, before, radius))}Q${at(corner)} ${at(towards(corner, after, radius))}`;
  }
  return `${path}L${at(last)}`;
}

/** The smallest box around a path's points. */
export function extentOf(path: string): Box {
  const numbers = (path.match(/-?[\d.]+/g) ?? []).map(Number);
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let index = 0; index + 1 < numbers.length; index += 2) {
    const [x = 0, y = 0] = [numbers[index], numbers[index + 1]];
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** A point on the way from one to another, at most half way. */
function towards(from: Point, to: Point, distance: number): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const share = length === 0 ? 0 : Math.min(distance, length / 2) / length;
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

function isSame(point: Point, other: Point | undefined): boolean {
  return other !== undefined && isClose(point.x, other.x) && isClose(point.y, other.y);
}

function isClose(one: number, other: number): boolean {
  return Math.abs(one - other) < 0.5;
}

function at({ x, y }: Point): string {
  return `${round(x)},${round(y)}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
