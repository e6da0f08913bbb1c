import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { words } from "../language/language";
import { attach } from "./parcels";

const holdsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;

/** Files dropped anywhere on the page go to the room in front, instead of replacing the page. */
export function DropZone({ room }: { room: string }) {
  const over = useSignal(false);
  useEffect(() => {
    let leaving: ReturnType<typeof setTimeout> | undefined;
    const hover = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      clearTimeout(leaving);
      over.value = true;
      // Browsers say "over" as long as it lasts, and nothing reliable when it ends.
      leaving = setTimeout(() => (over.value = false), 300);
    };
    const drop = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      over.value = false;
      void attach(room, [...(event.dataTransfer?.files ?? [])]);
    };
    addEventListener("dragover", hover);
    addEventListener("drop", drop);
    return () => {
      clearTimeout(leaving);
      removeEventListener("dragover", hover);
      removeEventListener("drop", drop);
    };
  }, [room]);
  return over.value ? (
    <div class="drop-veil" aria-hidden="true">
      {words.value.files.drop}
    </div>
  ) : null;
}
