"""A photo that somebody uploads, made harmless: a new JPEG of its pixels is kept, and nothing else of it."""

import warnings
from collections.abc import Sequence
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from lib.errors import Invalid

LARGEST_UPLOAD = 5 * 1024 * 1024
"""Bytes."""

LONGEST_EDGE = 1600
"""Pixels."""

MOST_PIXELS = 50_000_000
"""What a phone's camera makes; a file that unpacks to more is refused before it is unpacked."""

QUALITY = 82

FORMATS = ("JPEG", "PNG", "WEBP")
"""Told by the file's content, whatever its name says."""

NO_PHOTO = "This is no photo that we can read. Choose a JPEG, PNG or WebP picture."


MOST_PHOTOS = 3
"""Of one concern. They are kept in the database, so there is an end to them."""


def clean_photos(uploads: Sequence[bytes]) -> list[bytes]:
    """Each as `clean_photo` makes it. Raises Invalid, also for more than `MOST_PHOTOS`."""
    if len(uploads) > MOST_PHOTOS:
        raise Invalid("Up to three photos are possible. Choose fewer.", field="photo")
    return [clean_photo(upload) for upload in uploads]


def clean_photo(upload: bytes) -> bytes:
    """The picture as a JPEG of at most 1600 pixels a side, upright, without metadata (no place, no camera, no time).

    Raises Invalid: nothing, more than 5 MB, no JPEG, PNG or WebP, damaged, or more than 50 million pixels.
    """
    if not upload:
        raise Invalid("Choose a photo first.", field="photo")
    if len(upload) > LARGEST_UPLOAD:
        raise Invalid("This photo is larger than 5 MB. Choose a smaller one.", field="photo")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(upload), formats=FORMATS) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise Invalid("This picture has too many pixels. Choose a smaller one.", field="photo")
                # A large JPEG is unpacked at a fraction of its size, which costs a fraction of the memory.
                opened.draft(None, (LONGEST_EDGE, LONGEST_EDGE))
                return _redrawn(opened)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as cause:
        raise Invalid("This picture has too many pixels. Choose a smaller one.", field="photo") from cause
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, IndexError, MemoryError) as cause:
        # Damaged files fail in many ways inside the decoder; each of them means the same to whoever chose it.
        raise Invalid(NO_PHOTO, field="photo") from cause


def _redrawn(opened: Image.Image) -> bytes:
    """Turned upright first, because the orientation is part of the metadata that goes."""
    upright = ImageOps.exif_transpose(opened)
    upright.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    if upright.mode in ("RGBA", "LA", "PA", "P"):
        coloured = upright.convert("RGBA")
        drawn = Image.new("RGB", coloured.size, "white")
        drawn.paste(coloured, mask=coloured.getchannel("A"))
    else:
        drawn = upright.convert("RGB")
    # A fresh image of the pixels alone: `info` of the old one would carry its profile and comments along.
    fresh = Image.new("RGB", drawn.size)
    fresh.paste(drawn)
    kept = BytesIO()
    fresh.save(kept, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return kept.getvalue()
