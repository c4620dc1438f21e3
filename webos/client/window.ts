/** One window: a frame that is moved, resized, hidden and closed, by pointer and by keyboard, around a view of an app. */

import { AppView } from './app-view';
import { moved, resized, snapAt, snapped, within, type Edge, type Rect, type Size, type Snap } from './geometry';

export type WindowState = 'normal' | 'minimised' | Snap;

export interface WindowMemory {
  path: string;
  rect: Rect;
  state: WindowState;
}

export interface WindowEvents {
  focused(window: AppWindow): void;
  changed(window: AppWindow): void;
  closed(window: AppWindow): void;
  open(path: string): void;
  desktopSize(): Size;
  /** Shows where a window would snap to; null for nowhere. */
  preview(place: Rect | null): void;
}

const keyboardStep = 16;

export class AppWindow {
  readonly element: HTMLElement;
  readonly view: AppView;
  private readonly heading: HTMLElement;
  private rect: Rect;
  private stateBefore: WindowState = 'normal';
  state: WindowState = 'normal';
  private named = '';
  title = '';

  constructor(memory: WindowMemory, number: number, private readonly events: WindowEvents) {
    const template = document.querySelector<HTMLTemplateElement>('#window')!;
    this.element = template.content.firstElementChild!.cloneNode(true) as HTMLElement;
    this.heading = this.find('.title');
    this.heading.id = `window-${number}`;
    this.element.setAttribute('aria-labelledby', this.heading.id);
    this.rect = memory.rect;
    this.view = new AppView(this.find('.content'), memory.path, {
      shown: (path, title) => this.name(path, title),
      open: path => events.open(path),
    });
    this.wire();
    this.become(memory.state);
    void this.view.go(memory.path);
  }

  get memory(): WindowMemory {
    return { path: this.view.path, rect: this.rect, state: this.state };
  }

  get isVisible(): boolean {
    return this.state !== 'minimised';
  }

  /** Brings it in front and gives it the keyboard. */
  focus(): void {
    if (this.state === 'minimised') this.become(this.stateBefore);
    this.events.focused(this);
    if (!this.element.contains(document.activeElement)) this.heading.focus({ preventScroll: true });
  }

  become(state: WindowState): void {
    if (this.state !== 'minimised') this.stateBefore = this.state;
    this.state = state;
    this.element.hidden = state === 'minimised';
    this.element.dataset.state = state;
    const maximise = this.find<HTMLButtonElement>('[data-do=maximise]');
    maximise.setAttribute('aria-pressed', String(state === 'full'));
    this.place();
    this.events.changed(this);
  }

  /** Takes its place again, as the desktop may have another size. */
  place(): void {
    const size = this.events.desktopSize();
    if (this.state === 'normal') this.rect = within(this.rect, size);
    const { x, y, width, height } = this.state === 'normal' || this.state === 'minimised' ? this.rect : snapped(this.state, size);
    Object.assign(this.element.style, { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` });
  }

  close(): void {
    this.view.close();
    this.element.remove();
    this.events.closed(this);
  }

  // A page that only renewed itself changes nothing that is to be kept.
  private name(path: string, title: string): void {
    if (path === this.named && title === this.title) return;
    this.named = path;
    this.title = title;
    this.heading.textContent = title;
    this.events.changed(this);
  }

  private wire(): void {
    this.element.addEventListener('pointerdown', () => this.events.focused(this), { capture: true });
    this.element.addEventListener('focusin', () => this.events.focused(this));
    this.find('[data-do=minimise]').addEventListener('click', () => this.become('minimised'));
    this.find('[data-do=maximise]').addEventListener('click', () => this.toggleFull());
    this.find('[data-do=close]').addEventListener('click', () => this.close());
    const bar = this.find('.titlebar');
    bar.addEventListener('pointerdown', event => this.drag(event));
    bar.addEventListener('dblclick', event => (event.target as Element).closest('button') ?? this.toggleFull());
    this.heading.addEventListener('keydown', event => this.steer(event));
    for (const grip of this.element.querySelectorAll<HTMLElement>('[data-edge]'))
      grip.addEventListener('pointerdown', event => this.stretch(event, grip.dataset.edge as Edge));
  }

  private toggleFull(): void {
    this.become(this.state === 'full' ? 'normal' : 'full');
  }

  private drag(event: PointerEvent): void {
    if (event.button !== 0 || (event.target as Element).closest('button')) return;
    const size = this.events.desktopSize();
    let snap: Snap | null = null;
    if (this.state !== 'normal') {
      // Out of its snapped place, under the pointer.
      this.rect = { ...this.rect, x: event.clientX - this.rect.width / 2, y: Math.max(0, event.clientY - 18) };
      this.become('normal');
    }

    const from = this.rect;
    follow(event, (dx, dy, now) => {
      this.rect = within(moved(from, dx, dy), size);
      this.place();
      snap = dx === 0 && dy === 0 ? null : snapAt(now.clientX, now.clientY, size);
      this.events.preview(snap && snapped(snap, size));
    }, () => {
      this.events.preview(null);
      this.become(snap ?? 'normal');
    });
  }

  private stretch(event: PointerEvent, edge: Edge): void {
    if (event.button !== 0 || this.state !== 'normal') return;
    const from = this.rect;
    follow(event, (dx, dy) => {
      this.rect = resized(from, edge, dx, dy);
      this.place();
    }, () => this.events.changed(this));
  }

  // With the title focused, arrows move the window, with Shift they resize it.
  private steer(event: KeyboardEvent): void {
    const step = { ArrowLeft: [-keyboardStep, 0], ArrowRight: [keyboardStep, 0], ArrowUp: [0, -keyboardStep], ArrowDown: [0, keyboardStep] }[event.key];
    if (!step) return;
    event.preventDefault();
    const [dx, dy] = step as [number, number];
    this.rect = event.shiftKey ? resized(this.rect, 'se', dx, dy) : moved(this.rect, dx, dy);
    this.become('normal');
  }

  private find<T extends HTMLElement = HTMLElement>(selector: string): T {
    return this.element.querySelector<T>(selector)!;
  }
}

function follow(down: PointerEvent, move: (dx: number, dy: number, event: PointerEvent) => void, done: () => void): void {
  const target = down.currentTarget as HTMLElement;
  target.setPointerCapture(down.pointerId);
  const onMove = (event: PointerEvent) => move(event.clientX - down.clientX, event.clientY - down.clientY, event);
  const onEnd = () => {
    target.removeEventListener('pointermove', onMove);
    done();
  };
  target.addEventListener('pointermove', onMove);
  target.addEventListener('lostpointercapture', onEnd, { once: true });
}
