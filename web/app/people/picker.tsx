import { signal } from "@preact/signals";
import { words } from "../language/language";
import { Dialog } from "../parts/dialog";
import { Browser } from "./browser";
import { DirectoryState } from "./directory-state";
import { Tray } from "./tray";
import "./picker.css";

export interface PickerOptions {
  title: string;
  /** What the button does, in a word or two. */
  action: string;
  /** Ids that are in already. */
  locked?: readonly string[];
}

interface Open {
  options: PickerOptions;
  state: DirectoryState;
  locked: ReadonlySet<string>;
  answer: (people: string[] | null) => void;
}

const open = signal<Open | null>(null);

/** Has people chosen from the org tree; null when nothing came of it. */
export function openPeoplePicker(options: PickerOptions): Promise<string[] | null> {
  return new Promise((answer) => {
    const locked = new Set(options.locked);
    open.value = { options, state: new DirectoryState(), locked, answer };
  });
}

/** Where the picker appears; once, in the frame. */
export function PickerHost() {
  const now = open.value;
  if (!now) return null;
  const { options, state, locked, answer } = now;
  const finish = (people: string[] | null) => {
    open.value = null;
    answer(people);
  };
  return (
    <Dialog title={options.title || words.value.people.pickTitle} shape="tall" onClose={() => finish(null)}>
      <div class="picker">
        <Browser
          state={state}
          locked={locked}
          onOpen={(person) => !locked.has(person.id) && state.choose(person)}
          autofocus
        />
        <Tray
          people={[...state.chosen.value.values()]}
          onTakeOut={(person) => state.choose(person)}
          onClear={() => state.clearChosen()}
          action={options.action}
          onAction={() => finish([...state.chosen.value.keys()])}
        />
      </div>
    </Dialog>
  );
}
