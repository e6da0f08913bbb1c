import { useState } from "preact/hooks";
import type { Absence, Person } from "../../core";
import { client } from "../client";
import { today } from "../language/dates";
import { words } from "../language/language";
import { Button } from "../parts/button";
import { Field, Select } from "../parts/field";
import { toast } from "../parts/toast";
import { Problem, Section } from "./section";
import { useSaving } from "./use-saving";

const MOST_NOTE = 60;

interface Draft {
  code: string;
  note: string;
  since: string;
  until: string;
}

function draftOf(absence: Absence | null): Draft {
  return {
    code: absence?.code ?? "",
    note: absence?.note ?? "",
    since: absence?.since ?? "",
    until: absence?.until ?? "",
  };
}

function same(one: Draft, other: Draft): boolean {
  return (
    one.code === other.code &&
    one.note === other.note &&
    one.since === other.since &&
    one.until === other.until
  );
}

/** An absence has a kind and both its days; without a kind there is none. */
export function AbsenceForm({ me }: { me: Person }) {
  const said = words.value.settings;
  const kinds = words.value.absence.codes;
  const [draft, setDraft] = useState(() => draftOf(me.absence));
  const { busy, problem, save, setProblem } = useSaving();
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const changed = !same(draft, draftOf(me.absence)) && !(draft.code === "" && me.absence === null);
  const known = Object.entries(kinds).map(([value, label]) => ({ value, label }));
  const other =
    draft.code && !kinds[draft.code] ? [{ value: draft.code, label: draft.note || draft.code }] : [];
  const options = [{ value: "", label: said.absenceOff }, ...known, ...other];

  const choose = (code: string) => {
    if (!code) return setDraft(draftOf(null));
    change({ code, since: draft.since || today(), until: draft.until || today() });
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (busy || !changed) return;
    const { code, note, since, until } = draft;
    if (code && !(since && until)) return setProblem(said.datesMissing);
    if (code && until < since) return setProblem(said.datesTurned);
    const absence = code ? { code, note: note.trim(), since, until } : null;
    void save(
      () => client.updateMe({ absence }),
      () => toast(absence ? words.value.words.saved : said.absenceCleared),
    );
  };
  return (
    <Section title={said.absence} hint={said.absenceHint}>
      <form class="settings-form" onSubmit={submit}>
        <Select label={said.absenceKind} value={draft.code} options={options} onChange={choose} />
        {draft.code && (
          <>
            <div class="settings-pair">
              <Field
                label={said.since}
                type="date"
                value={draft.since}
                onInput={(since) => change({ since })}
              />
              <Field
                label={said.until}
                type="date"
                value={draft.until}
                min={draft.since || undefined}
                onInput={(until) => change({ until })}
              />
            </div>
            <Field
              label={said.absenceNote}
              value={draft.note}
              onInput={(note) => change({ note })}
              maxLength={MOST_NOTE}
              autocomplete="off"
            />
          </>
        )}
        <Problem text={problem} />
        <div class="settings-actions">
          <Button kind="primary" type="submit" busy={busy} disabled={!changed}>
            {words.value.words.save}
          </Button>
        </div>
      </form>
    </Section>
  );
}
