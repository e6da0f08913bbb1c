"""My photo over REST: made small and square, whatever comes; what is no image is refused."""

from __future__ import annotations

import io

from PIL import Image

from tests.files.test_looking import flood, with_place
from tests.serving import Office


def test_a_photo_is_made_small_and_square_and_nothing_else_of_the_file_stays(office: Office) -> None:
    (person,) = office.some(1)
    with office.rest(person.token) as rest:
        before = rest.get("/api/me").json()["person"].get("photo")
        me = rest.put("/api/me/photo", content=with_place("JPEG")).raise_for_status().json()["person"]
        assert me["photo"] != before
        answer = rest.get(f"/api/directory/people/{person.id}/photo")
        with Image.open(io.BytesIO(answer.content)) as photo:
            assert photo.size == (320, 320)
            assert not photo.getexif()
        for harmful in (b"", b"<svg onload=alert(1)>", flood(60_000, 60_000), b"\x89PNG\r\n\x1a\n"):
            refused = rest.put("/api/me/photo", content=harmful)
            assert (refused.status_code, refused.json()["error"]["code"]) == (415, "wrong_kind")
        assert rest.put("/api/me/photo", content=bytes(6_000_000)).status_code == 413
        assert rest.get(f"/api/directory/people/{person.id}/photo").content == answer.content
        gone = rest.delete("/api/me/photo").raise_for_status().json()["person"]
        assert gone.get("photo") is None
        assert rest.get(f"/api/directory/people/{person.id}/photo").status_code == 404
