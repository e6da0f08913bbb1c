import { effect, untracked } from "@preact/signals";
import { client, host } from "./client";

/** Tells the core what the browser says about the page: seen or not, frozen, woken, back online. */
export function followPage(): void {
  const seen = () => {
    // A panel that is closed stays loaded, in a page that is seen.
    const visible = document.visibilityState === "visible" && host?.shown !== false;
    client.setVisible(visible);
    if (visible) client.probe();
  };
  document.addEventListener("visibilitychange", seen);
  addEventListener("online", () => client.probe());
  addEventListener("focus", () => client.probe());
  // A page kept in the back/forward cache may hold neither socket nor lock; it joins again when it is shown.
  addEventListener("pagehide", () => client.stop());
  addEventListener("pageshow", (event) => {
    if (event.persisted) void client.start();
  });
  // A page that is to stand still lets another tab lead.
  document.addEventListener("freeze", () => client.stop());
  document.addEventListener("resume", () => void client.start());
  for (const input of ["pointerdown", "keydown"]) {
    addEventListener(input, () => client.useHere(), { capture: true, passive: true });
  }
  effect(() => {
    void host?.shown;
    untracked(seen);
  });
}
