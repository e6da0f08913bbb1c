import { expect, test } from "vitest";
import { cropOf, moved } from "./photo-crop";

const WIDE = { naturalWidth: 800, naturalHeight: 400 };

test("The shorter side fills the frame, and the middle is in the middle", () => {
  expect(cropOf(WIDE, { zoom: 1, x: 0, y: 0 }, 200)).toEqual({ width: 400, height: 200, left: -100, top: 0 });
});

test("The picture is never drawn so far that an edge would be seen", () => {
  const far = moved(WIDE, { zoom: 1, x: 0, y: 0 }, 9999, 9999, 200);
  expect(cropOf(WIDE, far, 200)).toMatchObject({ left: 0, top: 0 });
  const other = moved(WIDE, { zoom: 2, x: 0, y: 0 }, -9999, -9999, 200);
  const { left, top, width, height } = cropOf(WIDE, other, 200);
  expect([left + width, top + height]).toEqual([200, 200]);
});
