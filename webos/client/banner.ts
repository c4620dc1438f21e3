/** Says over everything whether the station answers; what is shown meanwhile is marked as old. */
export function showsWhetherConnected(is: boolean): void {
  document.querySelector<HTMLElement>('#banner')!.hidden = is;
  document.body.toggleAttribute('data-stale', !is);
}
