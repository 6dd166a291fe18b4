"""Pictures to upload: small drawn ones, with or without what a camera writes into them."""

from io import BytesIO

from PIL import Image


def a_picture(colour: str = "#2F6BDE", *, size: tuple[int, int] = (64, 48), with_place: bool = False) -> bytes:
    """A JPEG of one colour. `with_place`: with the place and the camera that a phone writes into its photos."""
    drawn = Image.new("RGB", size, colour)
    kept = BytesIO()
    if with_place:
        marks = Image.Exif()
        marks[0x010F] = "A camera of somebody"
        marks[0x8825] = {1: "N", 2: (47.0, 36.0, 22.3)}
        drawn.save(kept, "JPEG", exif=marks)
    else:
        drawn.save(kept, "JPEG")
    return kept.getvalue()
