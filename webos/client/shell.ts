/** The desktop that the station rendered, alive. Without it every icon is a link to a page. */

import { AppView } from './app-view';
import { showsWhetherConnected } from './banner';
import { Desktop, type DesktopMemory } from './desktop';
import { listen } from './live';
import { Palette } from './palette';
import { nextTheme } from './theme';

/** Starts the desktop. */
export function startDesktop(): void {
  const root = document.documentElement;
  const memory = JSON.parse(document.querySelector('#windows')!.getAttribute('data-desktop') || '{}') as DesktopMemory;
  const isPhone = window.matchMedia('(max-width: 719px)');
  const desktop = new Desktop(() => root.dataset.theme || undefined);
  const open = (path: string) => isPhone.matches ? location.assign(path) : desktop.open(path);
  const palette = new Palette(open);
  const glance = new AppView(document.querySelector('#glance')!, '/desktop/glance', { shown: () => undefined, open });
  const tray = new AppView(document.querySelector('#tray')!, '/desktop/tray', { shown: () => undefined, open });
  const start = document.querySelector<HTMLButtonElement>('#start')!;
  const menu = document.querySelector<HTMLElement>('#start-menu')!;

  if (!isPhone.matches) desktop.restore(memory);
  void glance.go('/desktop/glance');
  void tray.go('/desktop/tray');

  listen({
    happened() {
      glance.renew();
      tray.renew();
      desktop.renew();
    },
    connected: showsWhetherConnected,
  });

  document.addEventListener('click', event => {
    const target = event.target as Element;
    const link = target.closest<HTMLAnchorElement>('[data-app]');
    if (link && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !isPhone.matches) {
      event.preventDefault();
      showMenu(false);
      desktop.open(link.pathname);
    } else if (!target.closest('#start, #start-menu')) {
      showMenu(false);
    }
  });
  start.addEventListener('click', () => showMenu(menu.hidden));
  document.querySelector('#theme')!.addEventListener('click', () => {
    const theme = nextTheme(root.dataset.theme || undefined);
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
    desktop.keep();
  });
  document.querySelector('#find')!.addEventListener('click', () => palette.show());
  document.addEventListener('keydown', event => {
    if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey)) palette.show();
    else if (event.key === 'F6') nextRegion(event.shiftKey ? -1 : 1);
    else if (event.key === 'Escape' && !menu.hidden) showMenu(false, true);
    else return;
    event.preventDefault();
  });

  function showMenu(shown: boolean, returnFocus = false): void {
    if (menu.hidden === !shown) return;
    menu.hidden = !shown;
    start.setAttribute('aria-expanded', String(shown));
    if (shown) menu.querySelector('a')!.focus();
    else if (returnFocus) start.focus();
  }

  // The regions of the desktop, in the order of F6: icons, windows from the back to the front, task bar.
  function nextRegion(step: number): void {
    const front = desktop.all.filter(each => each.isVisible).at(-1);
    const regions = [document.querySelector<HTMLElement>('#icons a')!, ...(front ? [front.element.querySelector<HTMLElement>('.title')!] : []), start];
    const present = regions.findIndex(region => region.closest('nav, [role=dialog], footer')!.contains(document.activeElement));
    regions[(Math.max(present, step > 0 ? -1 : 0) + step + regions.length) % regions.length]!.focus();
  }
}
