/** Where windows are and may be. Pure; pixels, from the desktop's top left corner. */

export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Size {
  width: number;
  height: number;
}

export type Edge = 'n' | 'ne' | 'e' | 'se' | 's' | 'sw' | 'w' | 'nw';
export type Snap = 'left' | 'right' | 'full';

export const minimum: Size = { width: 320, height: 200 };

/** As much of a title bar stays in sight that it can be taken hold of. */
const graspable = 96;
const titleHeight = 36;
const snapDistance = 8;

/** The place nearest to this one where the window can be reached and closed. */
export function within(rect: Rect, desktop: Size): Rect {
  const width = Math.max(minimum.width, Math.min(rect.width, desktop.width));
  const height = Math.max(minimum.height, Math.min(rect.height, desktop.height));
  return {
    x: clamp(rect.x, graspable - width, desktop.width - graspable),
    y: clamp(rect.y, 0, Math.max(0, desktop.height - titleHeight)),
    width,
    height,
  };
}

export function moved(rect: Rect, dx: number, dy: number): Rect {
  return { ...rect, x: rect.x + dx, y: rect.y + dy };
}

/** The edge follows the pointer, the opposite one stays; never smaller than the minimum. */
export function resized(rect: Rect, edge: Edge, dx: number, dy: number): Rect {
  const west = edge.includes('w');
  const north = edge.includes('n');
  const width = Math.max(minimum.width, rect.width + (west ? -dx : edge.includes('e') ? dx : 0));
  const height = Math.max(minimum.height, rect.height + (north ? -dy : edge.includes('s') ? dy : 0));
  return {
    x: west ? rect.x + rect.width - width : rect.x,
    y: north ? rect.y + rect.height - height : rect.y,
    width,
    height,
  };
}

/** What letting go of a title bar here means; null for nothing. */
export function snapAt(x: number, y: number, desktop: Size): Snap | null {
  if (y <= snapDistance) return 'full';
  if (x <= snapDistance) return 'left';
  return x >= desktop.width - snapDistance ? 'right' : null;
}

export function snapped(snap: Snap, desktop: Size): Rect {
  const half = Math.floor(desktop.width / 2);
  if (snap === 'full') return { x: 0, y: 0, ...desktop };
  return { x: snap === 'left' ? 0 : half, y: 0, width: snap === 'left' ? half : desktop.width - half, height: desktop.height };
}

/** Where the n-th window opens: each a little below the one before, and from the top again. */
export function cascaded(index: number, desktop: Size): Rect {
  const step = (index % 8) * 32;
  return within({ x: 200 + step, y: 48 + step, width: Math.min(880, desktop.width - 240), height: Math.min(600, desktop.height - 96) }, desktop);
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(value, high));
}
