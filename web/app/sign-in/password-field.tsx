import { Eye, EyeOff } from "lucide-preact";
import type { Ref } from "preact";
import { useState } from "preact/hooks";
import { words } from "../language/language";
import { IconButton } from "../parts/button";
import { Field } from "../parts/field";

interface PasswordFieldProps {
  label: string;
  value: string;
  onInput: (value: string) => void;
  /** current-password or new-password: what a password manager goes by. */
  autocomplete: "current-password" | "new-password";
  name: string;
  error?: string | undefined;
  hint?: string | undefined;
  innerRef?: Ref<HTMLInputElement>;
}

/** A password that can be looked at, and that says when Caps Lock is on. */
export function PasswordField(props: PasswordFieldProps) {
  const [shown, setShown] = useState(false);
  const [caps, setCaps] = useState(false);
  const said = words.value.signIn;
  return (
    <Field
      {...props}
      type={shown ? "text" : "password"}
      hint={caps ? said.capsLock : props.hint}
      onKeyDown={(event) => setCaps(event.getModifierState?.("CapsLock") ?? false)}
      end={
        <IconButton
          size="small"
          icon={shown ? EyeOff : Eye}
          label={shown ? said.hide : said.show}
          onPress={() => setShown(!shown)}
        />
      }
    />
  );
}
