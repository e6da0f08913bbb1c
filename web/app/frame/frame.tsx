import { MessageCircle, UserRound } from "lucide-preact";
import { useEffect } from "preact/hooks";
import { Chats } from "../chats/chats";
import { About } from "../items/about";
import { words } from "../language/language";
import { LiveRegion } from "../parts/announce";
import { AskHost } from "../parts/ask";
import { classes } from "../parts/class-names";
import { Empty } from "../parts/empty";
import { commandKeyName } from "../parts/keys";
import { PopoverHost } from "../parts/popover";
import { ToastHost } from "../parts/toast";
import { TooltipHost } from "../parts/tooltip";
import { People } from "../people/people";
import { PersonCardHost } from "../people/person-card";
import { PickerHost } from "../people/picker";
import { ProfilePane } from "../people/profile-pane";
import { QuickSwitchHost } from "../quick-switch/quick-switch";
import { tellRefusedErrands } from "../room/refused-errands";
import { Room } from "../room/room";
import { Settings } from "../settings/settings";
import { ConnectionLine } from "./connection-line";
import { listenToKeys } from "./keyboard";
import { rememberLastRoom } from "./last-room";
import { Rail } from "./rail";
import { returnFocus } from "./return-focus";
import { followLinks, route } from "./route";
import { backBySwipe } from "./swipe";
import { width } from "./width";
import "./frame.css";

function Front() {
  const { tab, room, person, about } = route.value;
  const said = words.value;
  if (tab === "settings") return <Settings />;
  if (about) return <About key={`${about.kind}/${about.id}`} about={about} />;
  if (room) return <Room key={room} id={room} />;
  if (person) return <ProfilePane key={person} id={person} />;
  return tab === "chats" ? (
    <Empty icon={MessageCircle} title={said.chats.pickOne} body={said.chats.pickOneHint(commandKeyName)} />
  ) : (
    <Empty icon={UserRound} title={said.people.pane} body={said.people.paneHint} />
  );
}

/** What floats above every screen. */
export function Hosts() {
  return (
    <>
      <AskHost />
      <PersonCardHost />
      <PickerHost />
      <QuickSwitchHost />
      <PopoverHost />
      <ToastHost />
      <TooltipHost />
      <LiveRegion />
    </>
  );
}

/** The rail, the list and what is in front; on a phone one of them at a time. */
export function Frame() {
  useEffect(listenToKeys, []);
  useEffect(rememberLastRoom, []);
  useEffect(returnFocus, []);
  useEffect(tellRefusedErrands, []);
  const { tab, room, person, about } = route.value;
  const inFront = Boolean(room || person || about);
  const single = width.value === "phone";
  const showList = tab !== "settings" && !(single && inFront);
  // One thing on the screen is its main one: on a phone that may be the list.
  const ListPane = single ? "main" : "div";
  const showFront = !single || inFront || tab === "settings";
  return (
    // biome-ignore lint/a11y: the links inside take the press; here it only stops the page load
    <div class={classes("frame", single && inFront && "frame-covered")} onClick={followLinks}>
      <ConnectionLine />
      {!(single && inFront) && <Rail />}
      {showList && <ListPane class="list-pane">{tab === "people" ? <People /> : <Chats />}</ListPane>}
      {showFront && (
        <main class="front-pane" id="front" tabIndex={-1} {...backBySwipe}>
          <Front />
        </main>
      )}
    </div>
  );
}
