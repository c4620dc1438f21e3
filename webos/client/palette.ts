/** The command palette: apps, open windows and objects of the pool by name, from anywhere with Ctrl+K. */

import { ask } from './station';

const pauseMilliseconds = 120;

export class Palette {
  private readonly dialog = document.querySelector<HTMLDialogElement>('#palette')!;
  private readonly input = this.dialog.querySelector('input')!;
  private readonly list = this.dialog.querySelector<HTMLElement>('[role=listbox]')!;
  private asking: number | undefined;
  private chosen = 0;

  constructor(private readonly open: (path: string) => void) {
    this.input.addEventListener('input', () => this.askSoon());
    this.dialog.addEventListener('keydown', event => this.onKey(event));
    this.list.addEventListener('click', event => this.take((event.target as Element).closest('[role=option]')));
  }

  show(): void {
    if (this.dialog.open) return;
    this.input.value = '';
    this.dialog.showModal();
    void this.find();
  }

  private get options(): Element[] {
    return [...this.list.querySelectorAll('[role=option]')];
  }

  private askSoon(): void {
    window.clearTimeout(this.asking);
    this.asking = window.setTimeout(() => void this.find(), pauseMilliseconds);
  }

  private async find(): Promise<void> {
    const wanted = this.input.value;
    const found = await ask(`/desktop/find?name=${encodeURIComponent(wanted)}`).catch(() => null);
    if (!found || wanted !== this.input.value) return;
    this.list.replaceChildren(...found.content.querySelectorAll('[role=option]'));
    this.choose(0);
  }

  private choose(index: number): void {
    const options = this.options;
    this.chosen = options.length === 0 ? 0 : (index + options.length) % options.length;
    options.forEach((option, at) => {
      option.id = `option-${at}`;
      option.setAttribute('aria-selected', String(at === this.chosen));
    });
    if (options.length === 0) this.input.removeAttribute('aria-activedescendant');
    else this.input.setAttribute('aria-activedescendant', `option-${this.chosen}`);
    options[this.chosen]?.scrollIntoView({ block: 'nearest' });
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key === 'ArrowDown') this.choose(this.chosen + 1);
    else if (event.key === 'ArrowUp') this.choose(this.chosen - 1);
    else if (event.key === 'Enter') this.take(this.options[this.chosen] ?? null);
    else return;
    event.preventDefault();
  }

  private take(option: Element | null): void {
    const path = option?.getAttribute('data-path');
    if (!path) return;
    this.dialog.close();
    this.open(path);
  }
}
