import { useEffect } from "preact/hooks";
import { client, host } from "./client";
import { Frame, Hosts } from "./frame/frame";
import { Mark } from "./frame/mark";
import { words } from "./language/language";
import { PanelBar } from "./panel/panel-bar";
import { PortalAway } from "./panel/portal-away";
import { isArriving } from "./portal";
import { SignIn } from "./sign-in/sign-in";
import "./app.css";

function Title() {
  const session = client.session.value;
  const unread = session.phase === "signed_in" ? client.rooms.totalUnread.value : 0;
  const title = unread > 0 ? `(${unread}) ${words.value.product}` : words.value.product;
  useEffect(() => {
    document.title = title;
  }, [title]);
  return null;
}

function Screen() {
  const session = client.session.value;
  const isOthers = session.phase === "signed_in" && isArriving.value;
  if (session.phase === "signed_in" && !isOthers) return <Frame key={session.me.id} />;
  if (session.phase === "signed_out" && host) return <PortalAway />;
  if (session.phase === "signed_out" && !isArriving.value) return <SignIn reason={session.reason} />;
  return (
    <main class="opening" aria-busy="true" aria-label={words.value.words.loading}>
      <Mark />
    </main>
  );
}

export function App() {
  return (
    <>
      <Title />
      {host ? (
        <div class="panel-page">
          <PanelBar />
          <Screen />
        </div>
      ) : (
        <Screen />
      )}
      <Hosts />
    </>
  );
}
