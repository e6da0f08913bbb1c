import { client } from "../client";
import { words } from "../language/language";
import { toast } from "../parts/toast";

/** Puts a picture on the clipboard. Browsers take PNG alone there, so it is drawn anew. */
export async function copyPicture(id: string): Promise<void> {
  try {
    // The promise goes in at once: Safari wants the clipboard asked for within the press.
    await navigator.clipboard.write([new ClipboardItem({ "image/png": asPng(id) })]);
    toast(words.value.words.copied);
  } catch {
    toast(words.value.files.failedToShow, { kind: "bad" });
  }
}

async function asPng(id: string): Promise<Blob> {
  const url = await client.fileUrl(id);
  if (url === null) throw new TypeError("The picture cannot be had now.");
  const image = new Image();
  image.src = url;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  canvas.getContext("2d")?.drawImage(image, 0, 0);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new TypeError("No picture."))), "image/png");
  });
}
