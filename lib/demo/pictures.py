"""Photos of the demonstration: drawn, of nobody and nowhere, so that nobody real is ever shown."""

from io import BytesIO

from PIL import Image, ImageDraw

SIZE = (1200, 900)
NIGHT, WALL, ROAD, WALK = "#10182B", "#2B3550", "#1D2333", "#3A4258"


def dark_lamp() -> bytes:
    """A street at night with one lamp that is out and one that shines. A JPEG."""
    picture = Image.new("RGB", SIZE, NIGHT)
    draw = ImageDraw.Draw(picture)
    for left, top, right in ((0, 250, 330), (360, 170, 700), (730, 300, 1200)):
        draw.rectangle((left, top, right, 700), fill=WALL)
    draw.polygon([(0, 900), (1200, 900), (1200, 760), (0, 700)], fill=ROAD)
    draw.polygon([(0, 700), (1200, 760), (1200, 720), (0, 660)], fill=WALK)
    draw.polygon([(980, 250), (1200, 730), (800, 730)], fill="#5A5630")
    for foot, is_lit in ((300, False), (980, True)):
        draw.rectangle((foot - 6, 240, foot + 6, 720), fill="#0A0E18")
        draw.rectangle((foot - 40, 225, foot + 40, 250), fill="#F7E7A1" if is_lit else "#0A0E18")
    return _jpeg(picture)


def full_bin() -> bytes:
    """A park bench beside a bin that has run over. A JPEG."""
    picture = Image.new("RGB", SIZE, "#BFD8EC")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 480, 1200, 900), fill="#7FA36B")
    draw.ellipse((760, 60, 1180, 420), fill="#4F7A4C")
    draw.rectangle((950, 380, 990, 560), fill="#6B4A35")
    for height in (520, 560, 610):
        draw.rectangle((120, height, 560, height + 24), fill="#8A5A3A")
    draw.rectangle((150, 634, 180, 740), fill="#3B3B3B")
    draw.rectangle((500, 634, 530, 740), fill="#3B3B3B")
    draw.polygon([(660, 520), (840, 520), (820, 760), (680, 760)], fill="#3F5B4A")
    for left, top, colour in (
        (640, 470, "#F2F2F2"),
        (720, 440, "#D0782A"),
        (790, 480, "#E8E2C8"),
        (600, 770, "#F2F2F2"),
        (860, 740, "#C9D6E3"),
        (700, 800, "#D0782A"),
    ):
        draw.ellipse((left, top, left + 90, top + 60), fill=colour, outline="#5A5A5A", width=3)
    return _jpeg(picture)


def _jpeg(picture: Image.Image) -> bytes:
    kept = BytesIO()
    picture.save(kept, "JPEG", quality=80, optimize=True)
    return kept.getvalue()
