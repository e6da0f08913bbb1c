import { client } from "../client";
import { words } from "../language/language";
import { Avatar } from "../parts/avatar";
import { classes } from "../parts/class-names";
import type { Naming } from "./use-naming";
import "./naming.css";

export const NAMING_LIST = "naming-list";

export function optionId(at: number): string {
  return `${NAMING_LIST}-${at}`;
}

/** Above the field: who may be meant by what stands behind the @. */
export function NamingList({ naming }: { naming: Naming }) {
  if (naming.people.length === 0) return null;
  return (
    <div class="naming" id={NAMING_LIST} role="listbox" aria-label={words.value.naming.title}>
      {naming.people.map((person, at) => {
        const about = client.people.get(person.id);
        return (
          // biome-ignore lint/a11y: the field has the focus and hears the keys
          <div
            key={person.id}
            id={optionId(at)}
            class={classes("naming-row", at === naming.active && "naming-active")}
            role="option"
            aria-selected={at === naming.active}
            onMouseDown={(event) => {
              // The field keeps the focus, and with it a phone its keyboard.
              event.preventDefault();
              naming.choose(person);
            }}
          >
            <Avatar person={about ?? { id: person.id, name: person.name }} size={28} />
            <span class="truncate">{person.name}</span>
            <span class="naming-org truncate">{about?.org_name}</span>
          </div>
        );
      })}
    </div>
  );
}
