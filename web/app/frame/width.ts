import { signal } from "@preact/signals";

export type Width = "phone" | "middle" | "wide";

const wide = matchMedia("(width >= 1024px)");
const phone = matchMedia("(width < 640px)");

const now = (): Width => (wide.matches ? "wide" : phone.matches ? "phone" : "middle");

/** phone: one pane. middle: list and room. wide: a side pane fits as well. */
export const width = signal<Width>(now());

for (const query of [wide, phone]) {
  query.addEventListener("change", () => {
    width.value = now();
  });
}
