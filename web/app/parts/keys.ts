const KEY_OF_COMPOSITION = 229;

/**
 * True while a syllable is being composed: such a key belongs to the input method, and no Enter, Esc, arrow or
 * shortcut may act on it. Safari ends the composition before its last keydown, which then has the code 229.
 */
export function composing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === KEY_OF_COMPOSITION;
}

/** Ctrl on most machines, Cmd on a Mac. */
export function commandKey(event: KeyboardEvent): boolean {
  return event.ctrlKey !== event.metaKey && !event.altKey;
}

/** What is printed on that key. */
export const commandKeyName = /Mac|iPhone|iPad/u.test(navigator.platform) ? "⌘" : "Ctrl+";
