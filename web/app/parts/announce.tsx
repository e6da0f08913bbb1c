import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";

const said = signal({ text: "", turn: 0 });

/** Has a screen reader say a sentence when it is next free. */
export function announce(text: string): void {
  said.value = { text, turn: said.value.turn + 1 };
}

/** The one polite live region. It says the same sentence twice when it is announced twice. */
export function LiveRegion() {
  const [shown, show] = useState("");
  const { text, turn } = said.value;
  useEffect(() => {
    show("");
    const later = setTimeout(() => show(text), 50);
    return () => clearTimeout(later);
  }, [text, turn]);
  return (
    <div class="unseen" role="status" aria-live="polite">
      {shown}
    </div>
  );
}
