"""Wait for a condition, and sum up many values."""

import time
from collections.abc import Callable, Sequence
from statistics import median, quantiles

PATIENCE_S = 60.0


def until(condition: Callable[[], object], meanwhile: Callable[[], object] = lambda: None) -> None:
    """Wait for a condition, calling `meanwhile` again and again. Raises TimeoutError after 60 s."""
    ends_at = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > ends_at:
            raise TimeoutError
        meanwhile()
        time.sleep(0.001)


def p95(values: Sequence[float]) -> float:
    """Return the 95th percentile."""
    return quantiles(values, n=100, method="inclusive")[94]


def spread(values: Sequence[float]) -> dict[str, float]:
    """Return the median and the 95th percentile of values in ms."""
    return {"p50_ms": round(median(values), 1), "p95_ms": round(p95(values), 1)}
