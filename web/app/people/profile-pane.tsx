import { ArrowLeft } from "lucide-preact";
import { goUp } from "../frame/route";
import { width } from "../frame/width";
import { words } from "../language/language";
import { IconButton } from "../parts/button";
import { Profile } from "./profile";

/** A person in the place of a room. */
export function ProfilePane({ id }: { id: string }) {
  return (
    <div class="profile-pane">
      {width.value === "phone" && (
        <header class="pane-head pane-head-phone">
          <IconButton icon={ArrowLeft} label={words.value.words.back} onPress={goUp} />
        </header>
      )}
      <div class="profile-card">
        <Profile id={id} />
      </div>
    </div>
  );
}
