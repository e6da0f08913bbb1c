import { useState } from "preact/hooks";
import type { Person } from "../../core";
import { client } from "../client";
import { words } from "../language/language";
import { Button } from "../parts/button";
import { Field } from "../parts/field";
import { toast } from "../parts/toast";
import { orgPath } from "../people/org-path";
import { MyPhoto } from "./photo";
import { Problem, Section } from "./section";
import { useSaving } from "./use-saving";

const MOST_STATUS = 100;
const MOST_JOB = 60;
const MOST_TEL = 40;

export function ProfileForm({ me }: { me: Person }) {
  const said = words.value.settings;
  const [nickname, setNickname] = useState(me.nickname);
  const [job, setJob] = useState(me.job);
  const [tel, setTel] = useState(me.tel);
  const { busy, problem, save } = useSaving();
  const changed = nickname !== me.nickname || job !== me.job || tel !== me.tel;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (busy || !changed) return;
    const change = { nickname: nickname.trim(), job: job.trim(), tel: tel.trim() };
    void save(
      () => client.updateMe(change),
      () => {
        setNickname(change.nickname);
        setJob(change.job);
        setTel(change.tel);
        toast(words.value.words.saved);
      },
    );
  };
  return (
    <Section title={said.profile} hint={said.profileHint}>
      <div class="settings-me">
        <MyPhoto me={me} />
        <div class="settings-me-words">
          <p class="settings-me-name prose">{me.name}</p>
          <p class="settings-me-org prose">{orgPath(me).join(" › ")}</p>
        </div>
      </div>
      <form class="settings-form" onSubmit={submit}>
        <Field
          label={said.status}
          hint={said.statusHint}
          value={nickname}
          onInput={setNickname}
          maxLength={MOST_STATUS}
          autocomplete="off"
        />
        <div class="settings-pair">
          <Field label={said.job} value={job} onInput={setJob} maxLength={MOST_JOB} autocomplete="off" />
          <Field
            label={said.tel}
            type="tel"
            value={tel}
            onInput={setTel}
            maxLength={MOST_TEL}
            autocomplete="off"
          />
        </div>
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
