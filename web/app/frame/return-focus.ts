import { effect } from "@preact/signals";
import { pathTo, route } from "./route";

function rowOf(room: string | null, person: string | null): HTMLElement | null {
  if (room)
    return document.querySelector<HTMLElement>(`.list-pane a[href="${CSS.escape(pathTo.room(room))}"]`);
  return person ? document.querySelector<HTMLElement>('.list-pane [role="treeitem"][tabindex="0"]') : null;
}

/** Who leaves a room or a profile stands on its row in the list again, not at the top of the page. */
export function returnFocus(): () => void {
  let before = route.peek();
  return effect(() => {
    const now = route.value;
    const left = before.tab === now.tab && !now.room && !now.person ? before : null;
    before = now;
    if (!left) return;
    requestAnimationFrame(() => {
      const lost = document.activeElement === document.body || document.activeElement === null;
      if (lost) rowOf(left.room, left.person)?.focus({ preventScroll: true });
    });
  });
}
