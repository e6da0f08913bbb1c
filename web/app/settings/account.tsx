import { LogOut } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";
import { client } from "../client";
import { go, pathTo } from "../frame/route";
import { words } from "../language/language";
import { inPanel } from "../panel/host";
import { confirm } from "../parts/ask";
import { Button } from "../parts/button";
import { PasswordForm } from "./password-form";
import { Problem, Section } from "./section";
import { useSaving } from "./use-saving";

function useVersion(): string | null {
  const [version, setVersion] = useState<string | null>(null);
  useEffect(() => {
    client.server().then(
      (server) => setVersion(server.version),
      () => undefined,
    );
  }, []);
  return version;
}

export function Account({ login }: { login: string }) {
  const said = words.value.settings;
  const version = useVersion();
  const { busy, problem, save } = useSaving();
  const signOut = async () => {
    const yes = await confirm({
      title: said.signOutAsk,
      body: said.signOutBody,
      action: said.signOut,
      danger: true,
    });
    if (yes)
      await save(
        () => client.signOut(),
        // Whoever signs in next begins at the beginning.
        () => go(pathTo.chats, { replace: true }),
      );
  };
  return (
    <Section title={said.account} hint={said.signedInAs(login)}>
      <div class="settings-account">
        {/* In a panel both are the portal's affair. */}
        {!inPanel && <PasswordForm login={login} />}
        {!inPanel && (
          <Button icon={LogOut} busy={busy} onPress={() => void signOut()}>
            {said.signOut}
          </Button>
        )}
      </div>
      <Problem text={problem} />
      {version && <p class="settings-version">{said.version(version)}</p>}
    </Section>
  );
}
