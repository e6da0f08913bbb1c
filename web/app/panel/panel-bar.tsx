import { ExternalLink, X } from "lucide-preact";
import { useEffect } from "preact/hooks";
import { host } from "../client";
import { Mark } from "../frame/mark";
import { route } from "../frame/route";
import { words } from "../language/language";
import { IconButton } from "../parts/button";
import "./panel-bar.css";

/** The head of the panel: to a window of its own, and away. */
export function PanelBar() {
  const said = words.value.panel;
  useEffect(() => host?.drawn(), []);
  return (
    <header class="panel-bar">
      <Mark />
      <span class="panel-name">{words.value.product}</span>
      <IconButton
        icon={ExternalLink}
        label={said.window}
        onPress={() => host?.openWindow(route.value.room)}
      />
      <IconButton icon={X} label={said.close} onPress={() => host?.close()} />
    </header>
  );
}
