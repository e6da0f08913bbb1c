/** Drawing the button to the other side. */

const DRAG_PX = 8;

/** From the press on; tells the side whenever the pointer is drawn far enough to mean one. */
export function drag(
  button: HTMLElement,
  down: PointerEvent,
  onSide: (side: "left" | "right") => void,
): void {
  let isDrawn = false;
  const move = (event: PointerEvent) => {
    if (Math.abs(event.clientX - down.clientX) > DRAG_PX) isDrawn = true;
    if (!isDrawn) return;
    button.classList.add("moving");
    onSide(event.clientX < innerWidth / 2 ? "left" : "right");
  };
  const end = () => {
    button.classList.remove("moving");
    button.removeEventListener("pointermove", move);
    button.removeEventListener("lostpointercapture", end);
  };
  // Throws where the press is over already: then it was no drag.
  button.setPointerCapture(down.pointerId);
  button.addEventListener("pointermove", move);
  button.addEventListener("lostpointercapture", end);
}
