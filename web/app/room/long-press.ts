const HELD_MS = 450;
const STILL_PX = 10;

/** A finger held in one place. Safari on a phone has no `contextmenu` of its own; where there is one, it comes first. */
export function longPress(act: (at: { x: number; y: number }, target: Element) => void) {
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let from = { x: 0, y: 0 };
  const stop = () => clearTimeout(waiting);
  return {
    onPointerDown(event: PointerEvent): void {
      stop();
      const { target, pointerType, clientX: x, clientY: y } = event;
      if (pointerType !== "touch" || !(target instanceof Element)) return;
      from = { x, y };
      waiting = setTimeout(() => act(from, target), HELD_MS);
    },
    onPointerMove(event: PointerEvent): void {
      if (Math.hypot(event.clientX - from.x, event.clientY - from.y) > STILL_PX) stop();
    },
    onPointerUp: stop,
    onPointerCancel: stop,
    stop,
  };
}
