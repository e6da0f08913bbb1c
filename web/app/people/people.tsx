import { effect, signal } from "@preact/signals";
import { client } from "../client";
import { go, pathTo, route } from "../frame/route";
import { words } from "../language/language";
import { Browser } from "./browser";
import { DirectoryState } from "./directory-state";
import { talkWith } from "./talk";
import { Tray } from "./tray";

/** Kept while the page lives, so that coming back finds the tree as it was left; another person gets a new one. */
const directory = signal(new DirectoryState());
let owner: string | null = null;

effect(() => {
  const session = client.session.value;
  const id = session.phase === "signed_in" ? session.me.id : null;
  if (id && owner && id !== owner) directory.value = new DirectoryState();
  owner = id ?? owner;
});

const starting = signal(false);

async function startTalk(state: DirectoryState): Promise<void> {
  starting.value = true;
  const opened = await talkWith([...state.chosen.value.keys()]);
  starting.value = false;
  if (!opened) return;
  state.clearChosen();
  state.search("");
}

export function People() {
  const state = directory.value;
  const said = words.value.people;
  return (
    <section class="pane people" aria-labelledby="people-title">
      <header class="pane-head">
        <h1 class="pane-title" id="people-title">
          {said.title}
        </h1>
      </header>
      <Browser
        state={state}
        onOpen={(person) => go(pathTo.person(person.id), { replace: route.value.person !== null })}
        openPerson={route.value.person}
      />
      <Tray
        people={[...state.chosen.value.values()]}
        onTakeOut={(person) => state.choose(person)}
        onClear={() => state.clearChosen()}
        action={said.startTalk}
        busy={starting.value}
        onAction={() => void startTalk(state)}
      />
    </section>
  );
}
