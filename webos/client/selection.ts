/** Lists whose rows can be selected: the box for all of them, those of the rows, and the number of what is selected. */

/** True for the boxes of a selection: what a person ticked is not undone by the page's renewal. */
export function isPick(node: Element): boolean {
  return node instanceof HTMLInputElement && node.type === 'checkbox' && node.form?.className === 'selection';
}

/** Brings the boxes and the number in step, after a box was clicked or the page was renewed. */
export function followSelection(host: Element, clicked?: EventTarget | null): void {
  for (const form of host.querySelectorAll<HTMLFormElement>('form.selection')) {
    const boxes = [...form.elements].filter((each): each is HTMLInputElement => isPick(each));
    const all = boxes.find(each => each.name === 'all')!;
    const rows = boxes.filter(each => each !== all);
    if (clicked !== all && rows.some(each => each === clicked && !each.checked)) all.checked = false;
    else if (clicked === all || all.checked) rows.forEach(each => each.checked = all.checked);
    const output = form.querySelector('output')!;
    const count = rows.filter(each => each.checked).length;
    output.value = all.checked ? output.dataset.all! : count > 0 ? `${count} selected` : '';
  }
}
