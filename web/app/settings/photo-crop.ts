/** Which part of a picture becomes a photo. `x` and `y` say how far its middle is from the picture's, in parts of its side. */
export interface Crop {
  readonly zoom: number;
  readonly x: number;
  readonly y: number;
}

interface Sized {
  readonly naturalWidth: number;
  readonly naturalHeight: number;
}

const PHOTO_PX = 512;

/** The side of the square that is taken out, in the picture's own pixels. */
function sideOf({ naturalWidth, naturalHeight }: Sized, zoom: number): number {
  return Math.min(naturalWidth, naturalHeight) / zoom;
}

/** How large the picture is drawn in a frame, and where it begins. */
export function cropOf(image: Sized, crop: Crop, frame: number) {
  const scale = frame / sideOf(image, crop.zoom);
  const width = image.naturalWidth * scale;
  const height = image.naturalHeight * scale;
  const left = (frame - width) / 2 - crop.x * frame;
  const top = (frame - height) / 2 - crop.y * frame;
  return { width, height, left, top };
}

/** The same picture, drawn about by so many pixels of the frame; never so far that an edge would be seen. */
export function moved(image: Sized, crop: Crop, dx: number, dy: number, frame: number): Crop {
  const { width, height } = cropOf(image, crop, frame);
  const most = (whole: number) => Math.max(0, (whole - frame) / 2 / frame);
  const within = (value: number, bound: number) => Math.min(bound, Math.max(-bound, value));
  return {
    zoom: crop.zoom,
    x: within(crop.x - dx / frame, most(width)),
    y: within(crop.y - dy / frame, most(height)),
  };
}

/** The square itself, as an image to be sent. */
export async function drawPhoto(image: HTMLImageElement, crop: Crop): Promise<Blob> {
  const side = sideOf(image, crop.zoom);
  const canvas = document.createElement("canvas");
  canvas.width = PHOTO_PX;
  canvas.height = PHOTO_PX;
  const context = canvas.getContext("2d");
  const left = image.naturalWidth / 2 + crop.x * side - side / 2;
  const top = image.naturalHeight / 2 + crop.y * side - side / 2;
  context?.drawImage(image, left, top, side, side, 0, 0, PHOTO_PX, PHOTO_PX);
  return new Promise((resolve, reject) => {
    const made = (blob: Blob | null) => (blob ? resolve(blob) : reject(new TypeError("No picture.")));
    canvas.toBlob(made, "image/jpeg", 0.92);
  });
}
