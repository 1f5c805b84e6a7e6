"""Draw small SVG charts: the curves of hits against false alarms. Pure functions."""

from collections.abc import Mapping, Sequence

_SIDE = 300
_MARGIN = 46
_COLOURS = ("#0b6e4f", "#b3541e")
_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="{whole}" '
    'viewBox="0 0 {whole} {whole}" font-family="sans-serif" font-size="11">'
)
_WORST = 0.3  # more false alarms than this would be useless


def roc_chart(title: str, curves: Mapping[str, tuple[Sequence[float], Sequence[float]]]) -> str:
    """Return a chart of curves of false alarms (0-0.3) and hits (0.7-1), each in its own colour."""
    whole = _SIDE + 2 * _MARGIN
    end = _MARGIN + _SIDE
    parts = [
        _SVG.format(whole=whole),
        f'<rect width="{whole}" height="{whole}" fill="#ffffff"/>',
        f'<text x="{whole / 2}" y="18" text-anchor="middle" font-size="13">{title}</text>',
    ]
    for tick in range(4):
        x, y = _MARGIN + tick / 3 * _SIDE, end - tick / 3 * _SIDE
        lines = f"M{x:.1f} {_MARGIN}V{end}M{_MARGIN} {y:.1f}H{end}"
        parts += [
            f'<path d="{lines}" stroke="#d8dde2" fill="none"/>',
            f'<text x="{x:.1f}" y="{end + 16}" text-anchor="middle">{tick * 10} %</text>',
            f'<text x="{_MARGIN - 6}" y="{y + 4:.1f}" text-anchor="end">{70 + tick * 10} %</text>',
        ]
    place = f'x="{whole / 2}" y="{whole - 8}" text-anchor="middle"'
    parts.append(f"<text {place}>sharp pictures (r up to 1 px) called soft</text>")
    for number, (name, (alarms, hits)) in enumerate(curves.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        points = " ".join(_point(*pair) for pair in zip(alarms, hits, strict=True))
        place = f'x="{end - 8}" y="{end - 30 + 16 * number}" text-anchor="end"'
        parts += [
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>',
            f'<text {place} fill="{colour}">{name}</text>',
        ]
    return "\n".join([*parts, "</svg>", ""])


def _point(alarm: float, hit: float) -> str:
    x = _MARGIN + min(alarm, _WORST) / _WORST * _SIDE
    y = _MARGIN + (1 - max(hit, 1 - _WORST)) / _WORST * _SIDE
    return f"{x:.1f},{y:.1f}"
