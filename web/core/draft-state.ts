/** One draft between what is written here and what the server has, as pure steps. */

export interface DraftState {
  readonly text: string;
  /** What the server has, as far as is known; null: not known. */
  readonly kept: string | null;
  /** The version of my personal stream at which it had that. */
  readonly version: number;
  /** What is on its way to it. */
  readonly sending: string | null;
}

export const begun: DraftState = { text: "", kept: "", version: 0, sending: null };

export function isUnsent(state: DraftState): boolean {
  return state.text !== state.kept || state.sending !== null;
}

export function written(state: DraftState, text: string): DraftState {
  return { ...state, text };
}

/** In this browser's store, where only that stands which the server was not known to have. */
export function found(state: DraftState, text: string): DraftState {
  return { ...state, text, kept: state.version > 0 ? state.kept : null };
}

export function sending(state: DraftState, text: string): DraftState {
  return { ...state, sending: text };
}

/** The server has `text` at `version`, unless something newer was heard before this answer came. */
export function acked(state: DraftState, text: string, version: number): DraftState {
  const newest = Math.max(version, state.version);
  if (version >= state.version || state.kept === null) {
    return { ...state, kept: text, version: newest, sending: null };
  }
  return { ...state, sending: null, text: state.text === text ? state.kept : state.text };
}

/** Nobody knows whether the server has it now. */
export function failed(state: DraftState): DraftState {
  return { ...state, kept: null, sending: null };
}

/** The server does not want it: it stays here alone until it is written on. */
export function refused(state: DraftState, text: string): DraftState {
  return { ...state, kept: text, sending: null };
}

/** From another device, or my own coming back. What is written here and not told yet wins. */
export function heard(state: DraftState, text: string, version: number): DraftState {
  if (version <= state.version) return state;
  const untouched = !isUnsent(state);
  return { ...state, kept: text, version, text: untouched ? text : state.text };
}
