import { useId } from "preact/hooks";
import "./switch.css";

export interface SwitchProps {
  label: string;
  /** A sentence below the label. */
  hint?: string | undefined;
  on: boolean;
  onChange: (on: boolean) => void;
  disabled?: boolean;
}

/** On or off at once, without a button to save it. The whole row takes the press. */
export function Switch({ label, hint, on, onChange, disabled = false }: SwitchProps) {
  const id = useId();
  return (
    <label class="switch-row">
      <span class="switch-words">
        <span id={id}>{label}</span>
        {hint && (
          <span class="switch-hint" id={`${id}-hint`}>
            {hint}
          </span>
        )}
      </span>
      <input
        class="switch"
        type="checkbox"
        role="switch"
        checked={on}
        aria-checked={on}
        disabled={disabled}
        aria-labelledby={id}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => {
          const wanted = event.currentTarget.checked;
          // What is shown is what is so, also when the change is taken back.
          event.currentTarget.checked = on;
          onChange(wanted);
        }}
      />
    </label>
  );
}
