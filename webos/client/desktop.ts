/** The windows that are open, their order, their buttons on the task bar; kept on the station, so that the desktop is the same everywhere. */

import { windowOf } from './app-view';
import { cascaded, type Rect, type Size } from './geometry';
import { keepDesktop } from './station';
import { AppWindow, type WindowMemory } from './window';

export interface DesktopMemory {
  theme?: string;
  windows?: WindowMemory[];
}

const keepAfterMilliseconds = 800;

export class Desktop {
  private readonly surface = document.querySelector<HTMLElement>('#windows')!;
  private readonly preview = document.querySelector<HTMLElement>('#snap')!;
  private readonly buttons = document.querySelector<HTMLElement>('#open-windows')!;
  private windows: AppWindow[] = [];
  private number = 0;
  private keeping: number | undefined;
  private restoring = false;

  constructor(private readonly theme: () => string | undefined) {
    window.addEventListener('resize', () => this.windows.forEach(each => each.place()));
    window.addEventListener('pagehide', () => this.keepNow());
  }

  /** Every window, the one in front last. */
  get all(): readonly AppWindow[] {
    return this.windows;
  }

  restore(memory: DesktopMemory): void {
    this.restoring = true;
    for (const each of memory.windows ?? []) this.add(each);
    this.restoring = false;
    this.draw();
  }

  /** Opens an address: in its window, if there is one. */
  open(path: string): void {
    const present = this.windows.find(each => windowOf(each.view.path) === windowOf(path));
    if (present) {
      if (present.view.path !== path) void present.view.go(path);
      present.focus();
      return;
    }

    this.add({ path, rect: cascaded(this.number, this.size()), state: 'normal' }).focus();
  }

  /** Something happened: what is open looks again. */
  renew(): void {
    for (const each of this.windows) if (each.isVisible) each.view.renew();
  }

  /** The next window gets the keyboard. */
  cycle(): void {
    this.windows[0]?.focus();
  }

  keep(): void {
    if (this.restoring) return;
    window.clearTimeout(this.keeping);
    this.keeping = window.setTimeout(() => this.keepNow(), keepAfterMilliseconds);
  }

  private keepNow(): void {
    if (this.keeping === undefined) return;
    window.clearTimeout(this.keeping);
    this.keeping = undefined;
    void keepDesktop({ theme: this.theme(), windows: this.windows.map(each => each.memory) });
  }

  private add(memory: WindowMemory): AppWindow {
    const added = new AppWindow(memory, ++this.number, {
      focused: each => this.raise(each),
      changed: () => this.changed(),
      closed: each => this.remove(each),
      open: path => this.open(path),
      desktopSize: () => this.size(),
      preview: place => this.showPreview(place),
    });
    this.windows.push(added);
    this.surface.append(added.element);
    added.place();
    this.changed();
    return added;
  }

  private raise(raised: AppWindow): void {
    if (this.windows.at(-1) === raised) return;
    this.windows = [...this.windows.filter(each => each !== raised), raised];
    this.changed();
  }

  private remove(removed: AppWindow): void {
    this.windows = this.windows.filter(each => each !== removed);
    this.changed();
    const next = this.windows.filter(each => each.isVisible).at(-1);
    if (next) next.focus();
    else document.querySelector<HTMLElement>('#start')!.focus();
  }

  private changed(): void {
    this.draw();
    this.keep();
  }

  private draw(): void {
    const front = this.windows.filter(each => each.isVisible).at(-1);
    this.windows.forEach((each, index) => {
      each.element.style.zIndex = String(index + 1);
      each.element.toggleAttribute('data-front', each === front);
    });
    this.drawButtons(front);
  }

  // In the order of their opening, which stays; the stack of windows does not.
  private drawButtons(front: AppWindow | undefined): void {
    const known = new Map([...this.buttons.children].map(item => [item.getAttribute('data-window'), item]));
    for (const each of this.windows) {
      const id = each.element.getAttribute('aria-labelledby')!;
      let item = known.get(id);
      if (!item) {
        item = document.createElement('li');
        item.setAttribute('data-window', id);
        const button = document.createElement('button');
        button.type = 'button';
        button.addEventListener('click', () => each.element.hasAttribute('data-front') ? each.become('minimised') : each.focus());
        item.append(button);
        this.buttons.append(item);
      }

      known.delete(id);
      const button = item.firstElementChild!;
      button.textContent = each.title || '…';
      button.setAttribute('aria-pressed', String(each === front));
    }

    for (const gone of known.values()) gone.remove();
  }

  private showPreview(place: Rect | null): void {
    this.preview.hidden = place === null;
    if (place) Object.assign(this.preview.style, { left: `${place.x}px`, top: `${place.y}px`, width: `${place.width}px`, height: `${place.height}px` });
  }

  private size(): Size {
    return { width: this.surface.clientWidth, height: this.surface.clientHeight };
  }
}
