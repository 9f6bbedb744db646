"""Shows the measurements at each size, as a Markdown table and as a picture."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib as mpl
from cycler import cycler

mpl.use("Agg")
import matplotlib.pyplot as plt

Rows = Sequence[tuple[str, float, str]]
_NO_TIMES = ("bytes", "GET")


def markdown(found: Mapping[int, Rows]) -> str:
    """Returns a table with a row for each measurement and a column for each size."""
    sizes = list(found)
    lines = ["| | " + " | ".join(f"{size:,} gebeurtenissen" for size in sizes) + " |", "|---" * (len(sizes) + 1) + "|"]
    for name, _, _ in found[sizes[0]]:
        cells = [next((_cell(row) for row in found[size] if row[0] == name), "") for size in sizes]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def draw(found: Mapping[int, Rows], file: Path) -> None:
    """Draws cost against events, both on a logarithmic scale."""
    figure, axes = plt.subplots(figsize=(11, 7), layout="constrained")
    axes.set_prop_cycle(cycler(linestyle=["-", "--", ":"]) * cycler(color=plt.get_cmap("tab10").colors[:7]))
    sizes = list(found)
    for name, _, _ in found[sizes[0]]:
        if not name.startswith(_NO_TIMES):
            at = {size: value * 1e3 for size in sizes for what, value, _ in found[size] if what == name}
            axes.loglog(list(at), list(at.values()), marker="o", label=name)
    axes.set(
        xlabel="gebeurtenissen in de opslag", ylabel="milliseconden", title="Wat een antwoord kost, 10.000 locaties"
    )
    axes.grid(visible=True, which="both", alpha=0.3)
    axes.legend(fontsize="small", loc="upper left", bbox_to_anchor=(1.0, 1.0))
    figure.savefig(file, dpi=120)
    plt.close(figure)


def _cell(row: tuple[str, float, str]) -> str:
    name, value, beside = row
    said = f"{value:,.1f}" if name.startswith(_NO_TIMES) else f"{value * 1e3:,.1f} ms"
    return said + (f" ({beside})" if beside else "")
