"""Draws the bench's dashboard with Pillow, as somebody who knows Pillow would, and prints what it costs.

Leaves out nothing that saves Pillow time: fonts are loaded once, gradients are one strip of pixels that is
stretched, and live frames are drawn over a picture of what lies still. Usage: draw.py FOLDER [PICTURE.png]
"""

import json
import math
import statistics
import sys
import time
from pathlib import Path

import PIL
from PIL import Image, ImageChops, ImageDraw, ImageFont

ROUNDS = 24
FOLDER = Path(sys.argv[1])
FONTS = {}


def font(name, size):
    key = (name, size)
    if key not in FONTS:
        FONTS[key] = ImageFont.truetype(FOLDER / name, size, layout_engine=ImageFont.Layout.BASIC)
    return FONTS[key]


def color_at(paint, place):
    """The colour of a gradient at one place of its axis."""
    start, end = paint["ends"]
    part = min(max((place - start) / (end - start), 0.0), 1.0)
    stops = paint["stops"]
    for (before, left), (after, right) in zip(stops, stops[1:]):
        if part <= after:
            share = (part - before) / (after - before) if after > before else 1.0
            return tuple(int(a + (b - a) * share) for a, b in zip(left, right))
    return tuple(stops[-1][1])


def gradient(paint, left, top, width, height):
    """A picture of a gradient: one strip, stretched."""
    if paint["axis"] == "down":
        strip = Image.new("RGBA", (1, height))
        strip.putdata([color_at(paint, top + y + 0.5) for y in range(height)])
    else:
        strip = Image.new("RGBA", (width, 1))
        strip.putdata([color_at(paint, left + x + 0.5) for x in range(width)])
    return strip.resize((width, height), Image.Resampling.NEAREST)


def paste(image, paint, left, top, mask):
    """Lays a gradient onto the picture where the mask says so."""
    colors = gradient(paint, left, top, *mask.size)
    if any(stop[1][3] < 255 for stop in paint["stops"]):
        mask = ImageChops.multiply(mask, colors.getchannel("A"))
    image.paste(colors.convert("RGB"), (left, top), mask)


def draw_box(image, draw, shape):
    left, top, right, bottom = (round(edge) for edge in shape["rect"])
    if right <= left or bottom <= top:
        return
    paint, radius = shape["paint"], shape["radius"]
    if "solid" in paint:
        draw.rounded_rectangle([left, top, right - 1, bottom - 1], radius, fill=tuple(paint["solid"]))
        return
    mask = Image.new("L", (right - left, bottom - top), 0)
    ImageDraw.Draw(mask).rounded_rectangle([0, 0, right - left - 1, bottom - top - 1], radius, fill=255)
    paste(image, paint, left, top, mask)


def solid(paint):
    return tuple(paint["solid"] if "solid" in paint else paint["stops"][-1][1])


def draw_border(image, draw, shape):
    left, top, right, bottom = (round(edge) for edge in shape["rect"])
    width = max(1, round(shape["width"]))
    color = solid(shape["paint"])
    draw.rounded_rectangle([left, top, right - 1, bottom - 1], shape["radius"], outline=color, width=width)


def draw_arc(image, draw, shape):
    (x, y), radius, width = shape["centre"], shape["radius"], shape["width"]
    reach, color = radius + width / 2, solid(shape["paint"])
    start, end = shape["start"], shape["start"] + shape["sweep"]
    box = [x - reach, y - reach, x + reach, y + reach]
    draw.arc(box, math.degrees(start), math.degrees(end), fill=color, width=max(1, round(width)))
    if shape["round"]:
        for angle in (start, end):
            cap_x, cap_y = x + radius * math.cos(angle), y + radius * math.sin(angle)
            half = width / 2
            draw.ellipse([cap_x - half, cap_y - half, cap_x + half, cap_y + half], fill=color)


def draw_line(image, draw, shape):
    points = [tuple(point) for point in shape["points"]]
    width = max(1, round(shape["width"]))
    draw.line(points, fill=solid(shape["paint"]), width=width, joint="curve" if width > 3 else None)


def draw_polygon(image, draw, shape):
    draw.polygon([tuple(point) for point in shape["points"]], fill=solid(shape["paint"]))


def draw_area(image, draw, shape):
    points, baseline = shape["points"], shape["baseline"]
    left, top = math.floor(points[0][0]), math.floor(min(point[1] for point in points))
    right, bottom = math.ceil(points[-1][0]), math.ceil(baseline)
    if right <= left or bottom <= top:
        return
    outline = [(x - left, y - top) for x, y in points]
    outline += [(points[-1][0] - left, baseline - top), (points[0][0] - left, baseline - top)]
    mask = Image.new("L", (right - left, bottom - top), 0)
    ImageDraw.Draw(mask).polygon(outline, fill=255)
    paint = shape["paint"]
    if "solid" in paint:
        image.paste(tuple(paint["solid"][:3]), (left, top), mask.point(lambda v: v * paint["solid"][3] // 255))
    else:
        paste(image, paint, left, top, mask)


def draw_text(image, draw, shape):
    draw.text(shape["at"], shape["text"], solid(shape["paint"]), font(shape["face"], shape["size"]), anchor="ls")


KINDS = {
    "box": draw_box,
    "border": draw_border,
    "arc": draw_arc,
    "line": draw_line,
    "polygon": draw_polygon,
    "area": draw_area,
    "text": draw_text,
}


def draw_shapes(image, draw, shapes):
    for shape in shapes:
        KINDS[shape["kind"]](image, draw, shape)


def draw_still(scene):
    image = Image.new("RGB", (scene["width"], scene["height"]))
    draw = ImageDraw.Draw(image, "RGBA")
    draw_shapes(image, draw, scene["base"])
    for widget in scene["widgets"]:
        draw_shapes(image, draw, widget["still"])
    return image


def draw_full(scene, frame):
    image = draw_still(scene)
    draw = ImageDraw.Draw(image, "RGBA")
    for widget in scene["widgets"]:
        draw_shapes(image, draw, widget["moving"][frame])
    return image


def draw_live(scene, still, image, frame):
    """Draws the widgets that changed over what lies still."""
    draw = ImageDraw.Draw(image, "RGBA")
    for index in scene["changed"][frame]:
        widget = scene["widgets"][index]
        place = widget["place"]
        image.paste(still.crop(place), place[:2])
        draw_shapes(image, draw, widget["moving"][frame])


def median_ms(work, frames):
    for frame in range(frames):
        work(frame)
    times = []
    for at in range(ROUNDS):
        start = time.thread_time()
        work(at % frames)
        times.append((time.thread_time() - start) * 1e3)
    return statistics.median(times)


def main():
    scene = json.loads((FOLDER / "dashboard.json").read_text())
    frames = len(scene["changed"])
    still = draw_still(scene)
    image = draw_full(scene, 0)
    live_ms = median_ms(lambda frame: draw_live(scene, still, image, frame), frames)
    full_ms = median_ms(lambda frame: draw_full(scene, frame), frames)
    if len(sys.argv) > 2:
        draw_full(scene, 7).save(sys.argv[2])
    print(json.dumps({"full_ms": full_ms, "live_ms": live_ms, "version": PIL.__version__}))


main()
