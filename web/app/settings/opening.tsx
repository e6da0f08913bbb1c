import { AppWindow, PanelRight } from "lucide-preact";
import { client } from "../client";
import { words } from "../language/language";
import { Tabs } from "../parts/tabs";
import { attempt } from "../room/attempt";
import { Section } from "./section";

/** Whether signing in to the portal opens a tab of the messenger's own, or it runs behind the portal's. */
export function Opening() {
  const said = words.value.settings;
  return (
    <Section title={said.opening} hint={said.openingHint}>
      <Tabs<"portal" | "tab">
        label={said.opening}
        value={client.settings.value.standalone ? "tab" : "portal"}
        onChange={(choice) => void attempt(client.changeSettings({ standalone: choice === "tab" }))}
        options={[
          { value: "tab", label: said.openingTab, icon: AppWindow },
          { value: "portal", label: said.openingPortal, icon: PanelRight },
        ]}
      />
    </Section>
  );
}
