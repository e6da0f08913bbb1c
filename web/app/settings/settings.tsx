import { client } from "../client";
import { words } from "../language/language";
import { AbsenceForm } from "./absence-form";
import { Account } from "./account";
import { Devices } from "./devices";
import { Look } from "./look";
import { Notifications } from "./notifications";
import { Opening } from "./opening";
import { ProfileForm } from "./profile-form";
import "./settings.css";

/** What is mine to change, on one page. */
export function Settings() {
  const session = client.session.value;
  if (session.phase !== "signed_in") return null;
  const { me, login } = session;
  return (
    <div class="settings">
      <div class="settings-column">
        <h1 class="settings-title">{words.value.settings.title}</h1>
        <ProfileForm me={me} />
        <AbsenceForm key={JSON.stringify(me.absence)} me={me} />
        <Notifications />
        <Look />
        <Opening />
        <Devices />
        <Account login={login} />
      </div>
    </div>
  );
}
