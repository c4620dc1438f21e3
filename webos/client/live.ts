/** The one stream of events of this tab: what happens in the pool, and whether the station is there. */

export interface LiveEvents {
  /** Something happened; what is shown may be old. */
  happened(): void;
  /** True: the station answers again; false: it does not. */
  connected(is: boolean): void;
}

const lostAfterMilliseconds = 2000;

/** Listens until the page goes. The browser dials again by itself, and says which event it saw last. */
export function listen(events: LiveEvents): void {
  const stream = new EventSource('/desktop/events');
  let losing: number | undefined;
  let lost = false;
  stream.addEventListener('open', () => {
    window.clearTimeout(losing);
    losing = undefined;
    if (lost) events.connected(true);
    lost = false;
    events.happened();
  });
  stream.addEventListener('changed', () => events.happened());
  stream.addEventListener('error', () => {
    if (stream.readyState === EventSource.CLOSED) location.assign('/sign-in?return=/');
    losing ??= window.setTimeout(() => {
      lost = true;
      events.connected(false);
    }, lostAfterMilliseconds);
  });
}
