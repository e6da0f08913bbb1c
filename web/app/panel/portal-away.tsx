import { LogOut } from "lucide-preact";
import { words } from "../language/language";
import { Empty } from "../parts/empty";

/** The portal's person is gone: signing in is the portal's affair, not the panel's. */
export function PortalAway() {
  const said = words.value.panel;
  return (
    <main class="pane">
      <Empty icon={LogOut} title={said.away} body={said.awayHint} />
    </main>
  );
}
