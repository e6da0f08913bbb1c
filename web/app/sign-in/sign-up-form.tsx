import { useState } from "preact/hooks";
import { client } from "../client";
import { errorSentence, words } from "../language/language";
import { Button } from "../parts/button";
import { Field } from "../parts/field";
import { PasswordField } from "./password-field";

const SHORTEST_PASSWORD = 8;

/** Only where the server says that people may make their own accounts. */
export function SignUpForm() {
  const [name, setName] = useState("");
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [tried, setTried] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const said = words.value.signIn;
  const short = password.length < SHORTEST_PASSWORD;

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    setProblem(null);
    if (busy || !name.trim() || !login.trim() || short) return;
    setBusy(true);
    try {
      await client.signUp(login.trim(), password, name.trim());
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };

  return (
    <form class="sign-in-form" onSubmit={submit} noValidate>
      {problem !== null && (
        <p class="sign-in-problem" role="alert">
          {errorSentence(problem)}
        </p>
      )}
      <Field
        label={said.fullName}
        name="name"
        autocomplete="name"
        value={name}
        onInput={setName}
        autofocus
        error={tried && !name.trim() ? said.nameMissing : undefined}
      />
      <Field
        label={said.login}
        name="username"
        autocomplete="username"
        value={login}
        onInput={setLogin}
        error={tried && !login.trim() ? said.loginMissing : undefined}
      />
      <PasswordField
        label={said.password}
        name="new-password"
        autocomplete="new-password"
        value={password}
        onInput={setPassword}
        hint={said.passwordRule}
        error={tried && short ? said.passwordRule : undefined}
      />
      <Button kind="primary" type="submit" wide busy={busy}>
        {said.signUp}
      </Button>
    </form>
  );
}
