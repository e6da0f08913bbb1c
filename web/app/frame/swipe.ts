import { goUp, route } from "./route";
import { width } from "./width";

const EDGE_PX = 40;
const FAR_PX = 72;

let from: { x: number; y: number } | null = null;

/**
 * A finger drawn in from the left edge goes one level up. Where the browser has that gesture itself, it takes the
 * touch over (`touchcancel`) and ours ends.
 */
export const backBySwipe = {
  onTouchStart(event: TouchEvent): void {
    const [touch] = event.touches;
    const { room, person } = route.value;
    const begins = touch && event.touches.length === 1 && touch.clientX < EDGE_PX;
    from =
      begins && width.value === "phone" && (room || person) ? { x: touch.clientX, y: touch.clientY } : null;
  },
  onTouchEnd(event: TouchEvent): void {
    const [touch] = event.changedTouches;
    if (!from || !touch) return;
    const right = touch.clientX - from.x;
    const down = Math.abs(touch.clientY - from.y);
    from = null;
    if (right > FAR_PX && down < right / 2) goUp();
  },
  onTouchCancel(): void {
    from = null;
  },
};
