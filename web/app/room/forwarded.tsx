import { Forward } from "lucide-preact";
import { words } from "../language/language";
import "./forwarding.css";

/** Says that what stands below was said elsewhere. */
export function Forwarded() {
  return (
    <span class="forwarded">
      <Forward size={12} aria-hidden="true" />
      {words.value.files.forwarded}
    </span>
  );
}
