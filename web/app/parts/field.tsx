import type { ComponentChildren, Ref } from "preact";
import { useId } from "preact/hooks";
import { classes } from "./class-names";
import "./field.css";

export interface FieldProps {
  label: string;
  value: string;
  onInput: (value: string) => void;
  type?: "text" | "password" | "tel" | "date" | "time";
  name?: string;
  autocomplete?: string;
  /** A sentence below the field. */
  hint?: string | undefined;
  /** What is wrong and what to do; takes the place of the hint. */
  error?: string | undefined;
  placeholder?: string;
  maxLength?: number;
  min?: string | undefined;
  max?: string | undefined;
  required?: boolean;
  disabled?: boolean;
  autofocus?: boolean;
  spellcheck?: boolean;
  /** Inside the field at its end: a small IconButton. */
  end?: ComponentChildren;
  onKeyDown?: (event: KeyboardEvent) => void;
  innerRef?: Ref<HTMLInputElement>;
}

export function Field(props: FieldProps) {
  const id = useId();
  const note = props.error ?? props.hint;
  return (
    <div class={classes("field", props.error && "field-wrong")}>
      <label class="field-label" for={id}>
        {props.label}
      </label>
      <div class="field-box">
        <input
          ref={props.innerRef}
          id={id}
          class="field-input"
          type={props.type ?? "text"}
          name={props.name}
          value={props.value}
          onInput={(event) => props.onInput(event.currentTarget.value)}
          onKeyDown={props.onKeyDown}
          autocomplete={props.autocomplete}
          autocapitalize="none"
          spellcheck={props.spellcheck ?? false}
          placeholder={props.placeholder}
          maxLength={props.maxLength}
          min={props.min}
          max={props.max}
          required={props.required}
          disabled={props.disabled}
          autofocus={props.autofocus}
          aria-invalid={props.error ? true : undefined}
          aria-describedby={note ? `${id}-note` : undefined}
        />
        {props.end}
      </div>
      {note && (
        <p class="field-note" id={`${id}-note`}>
          {note}
        </p>
      )}
    </div>
  );
}

export interface SelectProps<Value extends string> {
  label: string;
  value: Value;
  options: { value: Value; label: string }[];
  onChange: (value: Value) => void;
}

/** One of a few, by the platform's own list. */
export function Select<Value extends string>(props: SelectProps<Value>) {
  const id = useId();
  return (
    <div class="field">
      <label class="field-label" for={id}>
        {props.label}
      </label>
      <div class="field-box">
        <select
          id={id}
          class="field-input"
          value={props.value}
          onChange={(event) => props.onChange(event.currentTarget.value as Value)}
        >
          {props.options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}
