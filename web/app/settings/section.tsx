import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

interface SectionProps {
  title: string;
  hint?: string;
  children: ComponentChildren;
}

/** One card of the settings. */
export function Section({ title, hint, children }: SectionProps) {
  const id = useId();
  return (
    <section class="settings-section" aria-labelledby={id}>
      <header class="settings-section-head">
        <h2 id={id}>{title}</h2>
        {hint && <p>{hint}</p>}
      </header>
      {children}
    </section>
  );
}

/** What went wrong with a form, above its button. */
export function Problem({ text }: { text: string | null }) {
  return text ? (
    <p class="settings-problem" role="alert">
      {text}
    </p>
  ) : null;
}
