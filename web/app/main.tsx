import "pretendard/dist/web/variable/pretendardvariable-dynamic-subset.css";
import "./theme/tokens.css";
import "./theme/base.css";
import { effect } from "@preact/signals";
import { render } from "preact";
import { App } from "./app";
import { client, host, portal } from "./client";
import { followParcels } from "./files/parcels";
import { go, pathTo, route } from "./frame/route";
import { language } from "./language/language";
import { followPage } from "./lifecycle";
import { attend } from "./notify/attend";
import { applyTheme } from "./theme/theme";

applyTheme();
effect(() => {
  document.documentElement.lang = language.value;
});
followPage();
attend();
followParcels();
void client.start().then(() => portal?.signIn(client));
if (host) {
  const panelHost = host;
  panelHost.onRoom = (room) => go(pathTo.talk(room));
  effect(() => panelHost.at(route.value.room));
}

const root = document.getElementById("app");
if (root) render(<App />, root);
