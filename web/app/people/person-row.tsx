import { Check } from "lucide-preact";
import type { Person } from "../../core";
import { client } from "../client";
import { words } from "../language/language";
import { Avatar } from "../parts/avatar";
import { AbsenceBadge, PresenceMarks } from "../parts/badge";
import { classes } from "../parts/class-names";
import "./person-row.css";

interface PersonWordsProps {
  person: Person;
  /** Beside the job: the org, where the place in the tree does not say it. */
  withOrg?: boolean;
}

/** Photo, name, job, absence and status: how a person looks in every list. */
export function PersonWords({ person: given, withOrg = false }: PersonWordsProps) {
  const person = client.people.get(given.id) ?? given;
  const session = client.session.value;
  const me = session.phase === "signed_in" && session.me.id === person.id;
  const job = [person.job, withOrg && person.org_name].filter(Boolean).join(" · ");
  return (
    <>
      <Avatar person={person} size={36} />
      <span class="person-words">
        <span class="person-line">
          <span class="person-name truncate">{person.name}</span>
          {me && <span class="person-me">{words.value.people.me}</span>}
          {job && <span class="person-job truncate">{job}</span>}
        </span>
        {(person.nickname || person.absence) && (
          <span class="person-line">
            <AbsenceBadge absence={person.absence} />
            <span class="person-status truncate">{person.nickname}</span>
          </span>
        )}
      </span>
    </>
  );
}

interface PersonTickProps {
  person: Person;
  chosen: boolean;
  locked: boolean;
  onChoose: () => void;
}

/** The marks and the tick at the end of a person's row. The row itself carries the state for a screen reader. */
export function PersonEnd({ person, chosen, locked, onChoose }: PersonTickProps) {
  return (
    <>
      <PresenceMarks presence={client.presence.get(person.id)} />
      {/* biome-ignore lint/a11y: the pointer's shortcut for the Space key on the row */}
      <span
        class={classes("tick", (chosen || locked) && "tick-on", locked && "tick-locked")}
        data-tip={locked ? words.value.people.alreadyIn : undefined}
        onClick={(event) => {
          event.stopPropagation();
          if (!locked) onChoose();
        }}
      >
        <span class="tick-box">
          {(chosen || locked) && <Check size={13} strokeWidth={3} aria-hidden="true" />}
        </span>
      </span>
    </>
  );
}
