import { effect, signal } from "@preact/signals";
import { kept } from "../kept";

export type Theme = "system" | "light" | "dark";

const STORED = "theme";
const system = matchMedia("(prefers-color-scheme: dark)");
const systemDark = signal(system.matches);
system.addEventListener("change", () => {
  systemDark.value = system.matches;
});

function firstTheme(): Theme {
  const stored = kept.get(STORED);
  return stored === "light" || stored === "dark" ? stored : "system";
}

/** What the person chose. */
export const theme = signal<Theme>(firstTheme());

export function setTheme(next: Theme): void {
  kept.set(STORED, next);
  theme.value = next;
}

/** Keeps the page's `data-theme` and the colour of the browser's own bars as chosen. */
export function applyTheme(): void {
  effect(() => {
    const dark = theme.value === "dark" || (theme.value === "system" && systemDark.value);
    const root = document.documentElement;
    root.dataset.theme = dark ? "dark" : "light";
    const colour = getComputedStyle(root).getPropertyValue("--ground").trim();
    document.querySelector("meta[name=theme-color]")?.setAttribute("content", colour);
  });
}
