import { useEffect, useRef, useState } from "preact/hooks";
import { client } from "../client";
import { kept } from "../kept";
import { errorSentence, words } from "../language/language";
import { Button } from "../parts/button";
import { Field } from "../parts/field";
import { PasswordField } from "./password-field";

const STORED = "login";

/** Keeps the id for the next time; the password is the password manager's affair. */
export function SignInForm({ reason }: { reason: string | null }) {
  const [login, setLogin] = useState(() => kept.get(STORED) ?? "");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [tried, setTried] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const loginInput = useRef<HTMLInputElement>(null);
  const passwordInput = useRef<HTMLInputElement>(null);
  const said = words.value.signIn;

  useEffect(() => {
    // On a phone the keyboard would come up over a page that nobody has read yet.
    if (!matchMedia("(pointer: fine)").matches) return;
    (loginInput.current?.value ? passwordInput : loginInput).current?.focus();
  }, []);

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    setProblem(null);
    if (busy || !login.trim() || !password) return;
    setBusy(true);
    try {
      await client.signIn(login.trim(), password);
      kept.set(STORED, login.trim());
    } catch (error) {
      setProblem(error);
      passwordInput.current?.select();
    } finally {
      setBusy(false);
    }
  };

  return (
    <form class="sign-in-form" onSubmit={submit} noValidate>
      {reason !== null && !problem && !tried && (
        <p class="sign-in-note prose">{said.ended[reason] ?? said.ended.usual}</p>
      )}
      {problem !== null && (
        <p class="sign-in-problem" role="alert">
          {errorSentence(problem)}
        </p>
      )}
      <Field
        label={said.login}
        name="username"
        autocomplete="username"
        value={login}
        onInput={setLogin}
        innerRef={loginInput}
        error={tried && !login.trim() ? said.loginMissing : undefined}
      />
      <PasswordField
        label={said.password}
        name="password"
        autocomplete="current-password"
        value={password}
        onInput={setPassword}
        innerRef={passwordInput}
        error={tried && !password ? said.passwordMissing : undefined}
      />
      <Button kind="primary" type="submit" wide busy={busy}>
        {busy ? said.working : said.submit}
      </Button>
    </form>
  );
}
