import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

const MOST = 8;
const STEP = 2.5;

interface Point {
  x: number;
  y: number;
}

/** Zoom by wheel, two fingers, double press or button; dragged about while it is large. */
export function useZoom(key: string) {
  const scale = useSignal(1);
  const at = useSignal<Point>({ x: 0, y: 0 });
  const pointers = useRef(new Map<number, Point>());
  const set = (next: number) => {
    scale.value = Math.min(MOST, Math.max(1, next));
    if (scale.value === 1) at.value = { x: 0, y: 0 };
  };
  useEffect(() => set(1), [key]);
  const toggle = () => set(scale.value > 1 ? 1 : STEP);
  const spread = () => {
    const [one, other] = [...pointers.current.values()];
    return one && other ? Math.hypot(one.x - other.x, one.y - other.y) : 0;
  };
  const lift = (event: PointerEvent) => void pointers.current.delete(event.pointerId);
  return {
    isZoomed: scale.value > 1,
    toggle,
    style: { transform: `translate(${at.value.x}px, ${at.value.y}px) scale(${scale.value})` },
    stage: {
      onDblClick: toggle,
      onWheel: (event: WheelEvent) => set(scale.value * (event.deltaY < 0 ? 1.2 : 1 / 1.2)),
      onPointerDown: (event: PointerEvent) => {
        pointers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
      },
      onPointerMove: (event: PointerEvent) => {
        const before = pointers.current.get(event.pointerId);
        if (!before) return;
        const spreadBefore = spread();
        pointers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
        if (pointers.current.size === 2) set((scale.value * spread()) / Math.max(1, spreadBefore));
        else if (scale.value > 1) {
          at.value = { x: at.value.x + event.clientX - before.x, y: at.value.y + event.clientY - before.y };
        }
      },
      onPointerUp: lift,
      onPointerCancel: lift,
      onPointerLeave: lift,
    },
  };
}
