import { useState } from "preact/hooks";
import { WireError } from "../../core";
import { client } from "../client";
import { words } from "../language/language";
import { Button } from "../parts/button";
import { toast } from "../parts/toast";
import { PasswordField } from "../sign-in/password-field";
import { Problem } from "./section";
import { useSaving } from "./use-saving";

const SHORTEST_PASSWORD = 8;

/** Folded away until wanted. */
export function PasswordForm({ login }: { login: string }) {
  const [open, setOpen] = useState(false);
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [again, setAgain] = useState("");
  const [wrong, setWrong] = useState(false);
  const { busy, problem, save, setProblem } = useSaving();
  const said = words.value.settings;

  const close = () => {
    setOpen(false);
    setCurrent("");
    setNext("");
    setAgain("");
    setWrong(false);
    setProblem(null);
  };
  const change = async () => {
    try {
      await client.changePassword(current, next);
    } catch (error) {
      // The server's sentence speaks of an id as well, which nobody has typed here.
      const mistyped = error instanceof WireError && error.code === "wrong_password";
      setWrong(mistyped);
      throw error;
    }
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setWrong(false);
    if (busy || !current) return;
    if (next.length < SHORTEST_PASSWORD) return setProblem(words.value.signIn.passwordRule);
    if (next !== again) return setProblem(said.notSame);
    void save(change, () => {
      close();
      toast(said.passwordChanged);
    });
  };
  if (!open) return <Button onPress={() => setOpen(true)}>{said.password}</Button>;
  return (
    <form class="settings-form settings-password" onSubmit={submit}>
      {/* A password manager learns from it whose password changes. */}
      <input
        class="unseen"
        type="text"
        autocomplete="username"
        value={login}
        readOnly
        tabIndex={-1}
        aria-hidden="true"
      />
      <PasswordField
        label={said.current}
        name="current-password"
        autocomplete="current-password"
        value={current}
        onInput={setCurrent}
        error={wrong ? said.wrongCurrent : undefined}
      />
      <PasswordField
        label={said.next}
        name="new-password"
        autocomplete="new-password"
        value={next}
        onInput={setNext}
        hint={words.value.signIn.passwordRule}
      />
      <PasswordField
        label={said.again}
        name="new-password-again"
        autocomplete="new-password"
        value={again}
        onInput={setAgain}
        hint={said.passwordHint}
      />
      <Problem text={wrong ? null : problem} />
      <div class="settings-actions">
        <Button onPress={close}>{words.value.words.cancel}</Button>
        <Button kind="primary" type="submit" busy={busy} disabled={!(current && next && again)}>
          {said.password}
        </Button>
      </div>
    </form>
  );
}
