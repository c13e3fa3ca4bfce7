"""Money as people read it."""

UNKNOWN = "-"


def money(cost: float | None) -> str:
    """`$0.0011`, `$12.40`, in US dollars; `-` where it is not known, and never 0 for what cost something."""
    if cost is None:
        return UNKNOWN
    if 0 < cost < 0.0001:
        return "<$0.0001"
    return f"${cost:.4f}" if cost < 1 else f"${cost:,.2f}"
