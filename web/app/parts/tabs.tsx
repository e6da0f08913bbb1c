import type { LucideIcon } from "lucide-preact";
import { classes } from "./class-names";
import { composing } from "./keys";
import "./tabs.css";

export interface TabsProps<Value extends string> {
  label: string;
  value: Value;
  options: { value: NoInfer<Value>; label: string; icon?: LucideIcon }[];
  onChange: (value: NoInfer<Value>) => void;
}

/** One of two to four, all in sight: a radio group drawn as a band. Arrows move the choice. */
export function Tabs<Value extends string>({ label, value, options, onChange }: TabsProps<Value>) {
  const keyDown = (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined || composing(event)) return;
    event.preventDefault();
    const at = options.findIndex((option) => option.value === value);
    const next = (at + step + options.length) % options.length;
    const option = options[next];
    if (!option) return;
    onChange(option.value);
    event.currentTarget.querySelectorAll<HTMLElement>("[role=radio]")[next]?.focus();
  };
  return (
    <div class="tabs" role="radiogroup" aria-label={label} onKeyDown={keyDown}>
      {options.map((option) => {
        const chosen = option.value === value;
        return (
          // biome-ignore lint/a11y/useSemanticElements: a button draws and presses alike on every platform
          <button
            key={option.value}
            type="button"
            role="radio"
            aria-checked={chosen}
            tabIndex={chosen ? 0 : -1}
            class={classes("tab", chosen && "tab-chosen")}
            onClick={() => onChange(option.value)}
          >
            {option.icon && <option.icon size={16} aria-hidden="true" />}
            {option.label}
          </button>
        );
      })}
    </div>
  );
}
