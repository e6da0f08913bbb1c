import { Search, X } from "lucide-preact";
import type { Ref } from "preact";
import { useRef } from "preact/hooks";
import { words } from "../language/language";
import { IconButton } from "./button";
import { composing } from "./keys";
import "./search-field.css";

export interface SearchFieldProps {
  /** Its name for a screen reader. */
  label: string;
  placeholder?: string;
  value: string;
  /** Called with every letter, a syllable still in the making included. */
  onInput: (value: string) => void;
  /** Keys that no composition needs. Esc on a filled field clears it and goes no further. */
  onKeyDown?: (event: KeyboardEvent) => void;
  autofocus?: boolean;
  /** For a list below that the field's arrows move in. */
  controls?: string;
  activeDescendant?: string | undefined;
  innerRef?: Ref<HTMLInputElement>;
}

function roleOf({ controls, activeDescendant }: SearchFieldProps) {
  if (!controls) return { role: "searchbox" as const };
  return {
    role: "combobox" as const,
    "aria-autocomplete": "list" as const,
    "aria-expanded": true,
    "aria-controls": controls,
    "aria-activedescendant": activeDescendant,
  };
}

export function SearchField(props: SearchFieldProps) {
  const input = useRef<HTMLInputElement | null>(null);
  const clear = () => {
    props.onInput("");
    input.current?.focus();
  };
  const keyDown = (event: KeyboardEvent) => {
    if (composing(event)) return;
    if (event.key === "Escape" && props.value) {
      event.preventDefault();
      event.stopPropagation();
      clear();
      return;
    }
    props.onKeyDown?.(event);
  };
  const keep = (element: HTMLInputElement | null) => {
    input.current = element;
    if (typeof props.innerRef === "function") props.innerRef(element);
    else if (props.innerRef) props.innerRef.current = element;
  };
  return (
    <search class="search-field">
      <Search size={16} aria-hidden="true" class="search-field-icon" />
      <input
        ref={keep}
        class="search-field-input"
        type="text"
        inputMode="search"
        enterkeyhint="search"
        {...roleOf(props)}
        aria-label={props.label}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        placeholder={props.placeholder ?? props.label}
        value={props.value}
        onInput={(event) => props.onInput(event.currentTarget.value)}
        onKeyDown={keyDown}
        autofocus={props.autofocus}
      />
      {props.value && <IconButton icon={X} label={words.value.words.clear} size="small" onPress={clear} />}
    </search>
  );
}
