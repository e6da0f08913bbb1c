import { X } from "lucide-preact";
import type { Person } from "../../core";
import { words } from "../language/language";
import { Avatar } from "../parts/avatar";
import { Button } from "../parts/button";
import "./tray.css";

interface TrayProps {
  people: readonly Person[];
  onTakeOut: (person: Person) => void;
  onClear: () => void;
  action: string;
  busy?: boolean;
  onAction: () => void;
}

/** Who has been ticked, and what to do with them. */
export function Tray({ people, onTakeOut, onClear, action, busy = false, onAction }: TrayProps) {
  if (people.length === 0) return null;
  const said = words.value.people;
  return (
    <section class="tray" aria-label={said.chosen(people.length)}>
      <ul class="tray-people">
        {people.map((person) => (
          <li key={person.id}>
            <button
              type="button"
              class="tray-person"
              aria-label={said.takeOut(person.name)}
              onClick={() => onTakeOut(person)}
            >
              <Avatar person={person} size={20} />
              <span class="truncate">{person.name}</span>
              <X size={13} aria-hidden="true" />
            </button>
          </li>
        ))}
      </ul>
      <div class="tray-foot">
        <span class="tray-count figures">{said.chosen(people.length)}</span>
        <Button kind="quiet" size="small" onPress={onClear}>
          {said.clearChosen}
        </Button>
        <Button kind="primary" busy={busy} onPress={onAction}>
          {action}
        </Button>
      </div>
    </section>
  );
}
