import { signal } from "@preact/signals";
import { classes } from "./class-names";
import "./toast.css";

export interface ToastOptions {
  /** bad: something failed; stays longer. */
  kind?: "plain" | "bad";
  action?: { label: string; onPress: () => void };
}

interface Shown extends ToastOptions {
  id: number;
  text: string;
}

const MOST = 3;
const PLAIN_MS = 3500;
const LONG_MS = 7000;
const shown = signal<Shown[]>([]);
let lastId = 0;

/** A sentence at the foot of the screen that leaves by itself. A screen reader says it too. */
export function toast(text: string, options: ToastOptions = {}): void {
  lastId += 1;
  const id = lastId;
  const others = shown.value.filter((other) => other.text !== text);
  shown.value = [...others, { id, text, ...options }].slice(-MOST);
  setTimeout(() => dismiss(id), options.kind === "bad" || options.action ? LONG_MS : PLAIN_MS);
}

function dismiss(id: number): void {
  shown.value = shown.value.filter((other) => other.id !== id);
}

/** Where toasts appear; once, in the frame. */
export function ToastHost() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {shown.value.map(({ id, text, kind, action }) => (
        <div key={id} class={classes("toast", kind === "bad" && "toast-bad")}>
          <span class="prose">{text}</span>
          {action && (
            <button
              type="button"
              class="toast-action"
              onClick={() => {
                dismiss(id);
                action.onPress();
              }}
            >
              {action.label}
            </button>
          )}
        </div>
      ))}
    </div>
  );
}
