/**
 * Keeps `--visible-height` and `--visible-top` at what a phone's keyboard leaves of the page. Android's browsers
 * shrink the page themselves; Safari only moves it.
 */
export function fitVisible(): () => void {
  const viewport = window.visualViewport;
  if (!viewport) return () => {};
  const root = document.documentElement.style;
  const measure = () => {
    // While the person zooms in with two fingers the page keeps its size.
    if (viewport.scale > 1.01) return;
    root.setProperty("--visible-height", `${viewport.height}px`);
    root.setProperty("--visible-top", `${viewport.offsetTop}px`);
  };
  measure();
  viewport.addEventListener("resize", measure);
  viewport.addEventListener("scroll", measure);
  return () => {
    viewport.removeEventListener("resize", measure);
    viewport.removeEventListener("scroll", measure);
    root.removeProperty("--visible-height");
    root.removeProperty("--visible-top");
  };
}
