"""Plots of the speed bench: warm p50 of every system by shape, and timtin's growth with size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bench.indexing import OURS
from bench.report import FOLDER

if TYPE_CHECKING:
    from bench.speed import SizeFigures


def plot_speed(sizes: Sequence[SizeFigures]) -> list[str]:
    """Write the plots beside the results; returns the markdown that shows them."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    largest = sizes[-1]
    names = [_plot_shapes(plt, largest)]
    if len(sizes) > 1:
        names.append(_plot_growth(plt, sizes))
    return [f"![{name.removesuffix('.png').replace('-', ' ')}]({name})" for name in names]


def _plot_shapes(plt: Any, figures: SizeFigures) -> str:
    warm = figures.queries.warm
    names = list(dict.fromkeys(name for of in warm.values() for name in of.systems()))
    figure, axes = plt.subplots(figsize=(11, 4.5))
    width = 0.8 / len(names)
    for at, name in enumerate(names):
        places = [x + (at - (len(names) - 1) / 2) * width for x in range(len(warm))]
        heights = [of.spread(name).p50 for of in warm.values()]
        axes.bar(places, heights, width, label=name)
    axes.set_yscale("log")
    axes.set_xticks(range(len(warm)), list(warm))
    axes.set_ylabel("p50, ms")
    axes.set_title(f"{figures.layout.docs:,} documents, one field, top 10, warm")
    axes.legend(ncols=4, fontsize="small")
    return _save(figure, plt, "results-shapes.png")


def _plot_growth(plt: Any, sizes: Sequence[SizeFigures]) -> str:
    figure, axes = plt.subplots(figsize=(7, 4.5))
    docs = [each.layout.docs for each in sizes]
    for shape in sizes[0].queries.warm:
        p50 = [each.queries.warm[shape].spread(OURS).p50 for each in sizes]
        axes.plot(docs, p50, marker="o", label=shape)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("documents")
    axes.set_ylabel("timtin's p50, ms")
    axes.legend(fontsize="small")
    return _save(figure, plt, "results-growth.png")


def _save(figure: Any, plt: Any, name: str) -> str:
    figure.tight_layout()
    figure.savefig(FOLDER / name, dpi=110)
    plt.close(figure)
    return name
