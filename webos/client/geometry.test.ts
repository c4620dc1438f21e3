import { describe, expect, it } from 'vitest';
import { cascaded, minimum, moved, resized, snapAt, snapped, within, type Edge } from './geometry';

const desktop = { width: 1280, height: 720 };
const rect = { x: 100, y: 100, width: 600, height: 400 };

describe('resized', () => {
  const edges: Edge[] = ['n', 'ne', 'e', 'se', 's', 'sw', 'w', 'nw'];
  it.each(edges)('%s: the opposite edge stays', edge => {
    const after = resized(rect, edge, 30, 20);
    if (edge.includes('w')) expect(after.x + after.width).toBe(700);
    else expect(after.x).toBe(100);
    if (edge.includes('n')) expect(after.y + after.height).toBe(500);
    else expect(after.y).toBe(100);
  });

  it('stops at the minimum without moving the far edge', () => {
    const after = resized(rect, 'nw', 5000, 5000);
    expect(after).toEqual({ x: 700 - minimum.width, y: 500 - minimum.height, ...minimum });
  });

  it('moves exactly as far as the pointer', () => expect(resized(rect, 'e', 37, 99)).toEqual({ ...rect, width: 637 }));
});

describe('within', () => {
  it('leaves a reachable window alone', () => expect(within(rect, desktop)).toEqual(rect));

  it.each([[-5000, 0], [5000, 5000], [0, -300]])('brings one at %i, %i back', (x, y) => {
    const after = within({ ...rect, x, y }, desktop);
    expect(after.y).toBeGreaterThanOrEqual(0);
    expect(after.y).toBeLessThan(desktop.height);
    expect(after.x + after.width).toBeGreaterThan(0);
    expect(after.x).toBeLessThan(desktop.width);
  });

  it('is the same when done twice', () => {
    const once = within(moved(rect, -9999, 9999), desktop);
    expect(within(once, desktop)).toEqual(once);
  });
});

describe('snap', () => {
  it('knows the edges', () => {
    expect(snapAt(640, 0, desktop)).toBe('full');
    expect(snapAt(0, 300, desktop)).toBe('left');
    expect(snapAt(1280, 300, desktop)).toBe('right');
    expect(snapAt(640, 300, desktop)).toBeNull();
  });

  it('leaves no gap between the halves', () => {
    const [left, right] = [snapped('left', { width: 1281, height: 700 }), snapped('right', { width: 1281, height: 700 })];
    expect(left.x + left.width).toBe(right.x);
    expect(right.x + right.width).toBe(1281);
  });
});

describe('cascaded', () => {
  it('is always reachable', () => {
    for (let index = 0; index < 40; index++) {
      const place = cascaded(index, { width: 800, height: 500 });
      expect(within(place, { width: 800, height: 500 })).toEqual(place);
    }
  });
});
