import { useEffect, useRef, useState } from "preact/hooks";
import { client } from "../client";
import { errorSentence, words } from "../language/language";
import { Button } from "../parts/button";
import { Dialog } from "../parts/dialog";
import { toast } from "../parts/toast";
import { type Crop, cropOf, drawPhoto, moved } from "./photo-crop";
import "./photo.css";

const FRAME_PX = 280;

/** The part of a picture that is to be my photo: drawn about and zoomed under a round frame. */
export function PhotoDialog({ file, onClose }: { file: File; onClose: () => void }) {
  const said = words.value.photo;
  const [image, setImage] = useState<HTMLImageElement | null>(null);
  const [crop, setCrop] = useState<Crop>({ zoom: 1, x: 0, y: 0 });
  const [busy, setBusy] = useState(false);
  const held = useRef<{ x: number; y: number } | null>(null);
  useEffect(() => {
    const url = URL.createObjectURL(file);
    const loaded = new Image();
    loaded.src = url;
    loaded.decode().then(
      () => setImage(loaded),
      () => {
        toast(said.unreadable, { kind: "bad" });
        onClose();
      },
    );
    return () => URL.revokeObjectURL(url);
  }, [file]);
  const save = async () => {
    if (!image) return;
    setBusy(true);
    try {
      await client.setPhoto(await drawPhoto(image, crop));
      toast(words.value.words.saved);
      onClose();
    } catch (error) {
      toast(errorSentence(error), { kind: "bad" });
      setBusy(false);
    }
  };
  const shown = image && cropOf(image, crop, FRAME_PX);
  const move = (dx: number, dy: number) => image && setCrop(moved(image, crop, dx, dy, FRAME_PX));
  return (
    <Dialog
      title={said.title}
      shape="medium"
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{words.value.words.cancel}</Button>
          <Button kind="primary" busy={busy} disabled={!image} onPress={() => void save()}>
            {words.value.words.save}
          </Button>
        </>
      }
    >
      <div
        class="photo-frame"
        role="application"
        aria-label={said.frame}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrows move the picture
        tabIndex={0}
        onPointerDown={(event) => {
          held.current = { x: event.clientX, y: event.clientY };
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={(event) => {
          const before = held.current;
          if (!before) return;
          held.current = { x: event.clientX, y: event.clientY };
          move(event.clientX - before.x, event.clientY - before.y);
        }}
        onPointerUp={() => (held.current = null)}
        onPointerCancel={() => (held.current = null)}
        onKeyDown={(event) => {
          const step = { ArrowLeft: [8, 0], ArrowRight: [-8, 0], ArrowUp: [0, 8], ArrowDown: [0, -8] }[
            event.key
          ];
          if (!step) return;
          event.preventDefault();
          move(step[0] ?? 0, step[1] ?? 0);
        }}
      >
        {image && shown && (
          <img
            class="photo-picture"
            src={image.src}
            alt=""
            draggable={false}
            style={{
              width: shown.width,
              height: shown.height,
              transform: `translate(${shown.left}px, ${shown.top}px)`,
            }}
          />
        )}
        <span class="photo-hole" aria-hidden="true" />
      </div>
      <label class="photo-zoom">
        <span>{said.zoom}</span>
        <input
          type="range"
          min="1"
          max="4"
          step="0.01"
          value={crop.zoom}
          onInput={({ currentTarget }) =>
            image && setCrop(moved(image, { ...crop, zoom: Number(currentTarget.value) }, 0, 0, FRAME_PX))
          }
        />
      </label>
      <p class="photo-hint">{said.hint}</p>
    </Dialog>
  );
}
