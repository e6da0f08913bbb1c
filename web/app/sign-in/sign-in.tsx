import { useEffect, useState } from "preact/hooks";
import type { ServerInfo } from "../../core";
import { client } from "../client";
import { Mark } from "../frame/mark";
import { language, setLanguage, words } from "../language/language";
import { Button } from "../parts/button";
import { SignInForm } from "./sign-in-form";
import { SignUpForm } from "./sign-up-form";
import "./sign-in.css";

function LanguageSwitch() {
  const other = language.value === "ko" ? "en" : "ko";
  return (
    <Button kind="quiet" size="small" onPress={() => setLanguage(other)}>
      <span lang={other}>{other === "ko" ? "한국어로 보기" : "View in English"}</span>
    </Button>
  );
}

function useServer(): ServerInfo | null {
  const [server, setServer] = useState<ServerInfo | null>(null);
  useEffect(() => {
    let left = false;
    client.server().then(
      (info) => !left && setServer(info),
      // Signing in says by itself when the server is out of reach.
      () => undefined,
    );
    return () => {
      left = true;
    };
  }, []);
  return server;
}

/** The door: one card, the language at its foot. `reason`: why somebody who was in stands here again. */
export function SignIn({ reason }: { reason: string | null }) {
  const server = useServer();
  const [signingUp, setSigningUp] = useState(false);
  const said = words.value.signIn;
  const name = server?.name || words.value.product;
  return (
    <main class="sign-in">
      <div class="sign-in-card">
        <header class="sign-in-head">
          <Mark />
          <h1 class="sign-in-title">{name}</h1>
          <p class="sign-in-lead">{signingUp ? said.signUpLead : said.lead}</p>
        </header>
        {signingUp ? <SignUpForm /> : <SignInForm reason={reason} />}
        {server?.sign_up && (
          <Button kind="quiet" wide onPress={() => setSigningUp(!signingUp)}>
            {signingUp ? said.toSignIn : said.toSignUp}
          </Button>
        )}
      </div>
      <footer class="sign-in-foot">
        <LanguageSwitch />
      </footer>
    </main>
  );
}
