/** What is inside a window: a page of the station, its links and forms, and its renewal. */

import { Idiomorph } from 'idiomorph/dist/idiomorph.esm.js';
import { followSelection, isPick } from './selection';
import { ask, StationUnreachable, type Fragment } from './station';

/** Content is renewed at most this often, whatever happens in the pool. */
const restMilliseconds = 1000;
const busyAfterMilliseconds = 150;

export interface AppViewEvents {
  /** Another page is shown now. */
  shown(path: string, title: string): void;
  /** A link leads to another app. */
  open(path: string): void;
}

export class AppView {
  private timer: number | undefined;
  private lastRenewal = 0;
  private busy = false;
  private dirty = false;
  path: string;

  constructor(private readonly host: HTMLElement, path: string, private readonly events: AppViewEvents) {
    this.path = path;
    host.addEventListener('click', event => this.follow(event));
    host.addEventListener('submit', event => this.send(event));
    host.addEventListener('change', event => followSelection(host, event.target));
    if (host.dataset.refresh) this.later(Number(host.dataset.refresh));
  }

  /** Shows a page, from the top. */
  async go(path: string, form?: FormData): Promise<void> {
    const waiting = window.setTimeout(() => this.host.setAttribute('aria-busy', 'true'), busyAfterMilliseconds);
    this.busy = true;
    try {
      const answer = await ask(path, form);
      if (form && this.leadsElsewhere(answer)) return await this.leave(answer.path);
      this.show(answer, path);
      this.host.scrollTop = 0;
    } catch (error) {
      this.fail(error, path);
    } finally {
      window.clearTimeout(waiting);
      this.host.removeAttribute('aria-busy');
      this.busy = false;
    }
  }

  /** Something happened in the pool: the content is asked for again, soon and not too often. */
  renew(): void {
    if (this.busy || this.timer !== undefined && this.dirty) return;
    this.dirty = true;
    window.clearTimeout(this.timer);
    const rest = Math.max(250, this.lastRenewal + restMilliseconds - performance.now());
    this.timer = window.setTimeout(() => void this.renewNow(), rest);
  }

  close(): void {
    window.clearTimeout(this.timer);
  }

  // What a form asked for is to be seen in another window, a new task for example: this one is where it was before.
  private leadsElsewhere(answer: Fragment): boolean {
    return !answer.isAnswer && windowOf(answer.path) !== windowOf(this.path);
  }

  private async leave(path: string): Promise<void> {
    const isDone = this.host.querySelector('form#confirm');
    await this.go(isDone ? windowOf(this.path) : this.path);
    // Last: a page on its own goes there itself, and nothing of it may be under way then.
    this.events.open(path);
  }

  private async renewNow(): Promise<void> {
    this.timer = undefined;
    this.dirty = false;
    // A page that answers a form cannot be asked for again, and what a person is writing is not to be disturbed.
    if (this.busy || !this.host.checkVisibility() || this.host.querySelector('[data-answer]') || this.isBeingWritten()) return this.later(5);
    this.lastRenewal = performance.now();
    try {
      this.show(await ask(this.path), this.path);
    } catch (error) {
      if (!(error instanceof StationUnreachable)) throw error;
      this.later(5);
    }
  }

  private show(fragment: Fragment, asked: string): void {
    if (!fragment.isAnswer) this.path = fragment.path;
    this.put(fragment.content);
    followSelection(this.host);
    this.events.shown(this.path, fragment.title);
    const anchor = asked.split('#')[1];
    if (anchor) this.host.querySelector(`#${CSS.escape(anchor)}`)?.scrollIntoView({ block: 'nearest' });
    if (fragment.refreshSeconds !== null) this.later(fragment.refreshSeconds);
  }

  private put(content: Element): void {
    if (!this.host.firstElementChild) return this.host.replaceChildren(...content.childNodes);
    Idiomorph.morph(this.host, content, {
      morphStyle: 'innerHTML',
      // What has the focus is left as it is only while somebody writes in it: a link or a button gets its new label.
      ignoreActiveValue: this.isBeingWritten(),
      callbacks: { beforeAttributeUpdated: (name: string, node: Element) => !(name === 'open' && node.localName === 'details') && !(name === 'checked' && isPick(node)) },
    });
  }

  private fail(error: unknown, path: string): void {
    const template = document.querySelector<HTMLTemplateElement>('#failed')!;
    const notice = template.content.cloneNode(true) as DocumentFragment;
    notice.querySelector('[data-cause]')!.textContent = error instanceof Error ? error.message : String(error);
    notice.querySelector('button')!.addEventListener('click', () => void this.go(path));
    this.host.replaceChildren(notice);
  }

  private later(seconds: number): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.renewNow(), seconds * 1000);
  }

  private isBeingWritten(): boolean {
    const focused = document.activeElement;
    return focused instanceof HTMLElement && this.host.contains(focused) && focused.matches('input:not([type=checkbox]), textarea, select');
  }

  private follow(event: MouseEvent): void {
    const link = (event.target as Element).closest('a');
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || link.target || link.origin !== location.origin) return;
    if (!link.pathname.startsWith('/app/')) return;
    event.preventDefault();
    const path = link.pathname + link.search + link.hash;
    if (windowOf(path) === windowOf(this.path)) void this.go(path);
    else this.events.open(path);
  }

  private send(event: SubmitEvent): void {
    const form = event.target as HTMLFormElement;
    const address = new URL(form.action);
    if (!address.pathname.startsWith('/app/')) return;
    event.preventDefault();
    const data = new FormData(form, event.submitter);
    if (form.method === 'get') {
      address.search = new URLSearchParams([...data].map(([name, value]) => [name, String(value)])).toString();
      void this.go(address.pathname + address.search);
      return;
    }

    // A second click while the first is under way is not a second task.
    if (this.busy) return;
    void this.go(address.pathname + address.search, data);
  }
}

const identity = /^[0-9a-f]{8}-[0-9a-f]{4}-/;

/** The window that an address belongs to: that of its app, or of the one object that it is about. */
export function windowOf(path: string): string {
  const parts = path.split(/[?#]/)[0]!.split('/');
  return parts.slice(0, identity.test(parts[3] ?? '') ? 4 : 3).join('/');
}
