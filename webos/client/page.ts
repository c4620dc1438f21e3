/** A page on its own, as on a phone: renews itself and sends its forms in place. Without it, the browser does both by loading the page again. */

import { AppView } from './app-view';
import { showsWhetherConnected } from './banner';
import { listen } from './live';

/** Starts the page. */
export function startPage(): void {
  const heading = document.querySelector('main > h1')!;
  const view = new AppView(document.querySelector('#view')!, here(), {
    shown(path, title) {
      heading.textContent = title;
      document.title = `${title} · VSan Appliance`;
      if (path !== here()) history.pushState(null, '', path);
    },
    open: path => location.assign(path),
  });
  window.addEventListener('popstate', () => void view.go(here()));
  listen({ happened: () => view.renew(), connected: showsWhetherConnected });
}

function here(): string {
  return location.pathname + location.search;
}
