"""Speed of searchapp beside stock Whoosh + jieba, tantivy, SQLite FTS5 and OpenSearch, in one run.

    python tests/benchmarks/speed.py --articles 20000 --data ../shared/data/news.jsonl.xz

Prints markdown tables and writes them, a plot and all figures to the output folder. See README.md
beside this file for what is measured and how.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import plot
import table
from bounds import bounds_table
from building import Build, build, first_answer, update_seconds
from measure import MOST_QUESTIONS, STOCK_MOST_QUESTIONS, Measured, measure
from peers.base import Ask, Peer
from peers.registry import PEERS, SHARES_INDEX, make_peer
from serving import Served, serve_and_load
from workload import sample_asks, write_head, write_sample

from searchapp.engines.whoosh import kernels

STOCK_MOST_ARTICLES = 20_000
"""Stock Whoosh indexes some 100 articles/s: unless told to give it more, it gets a part."""
SCALE_PEERS = ("ours", "tantivy", "tantivy-plain")
SCALE_MOST_ARTICLES = 200_000
"""Of more articles only searchapp's index is built: tantivy takes some 40 minutes for a million."""
HTTP_KINDS = ("rare word", "common word", "4 words", "whole page")
UPDATES = ((1, 0), (500, 500))


@dataclass
class Run:
    """Options and what was found."""

    options: argparse.Namespace
    work: Path
    builds: dict[str, Build] = field(default_factory=dict)
    first: dict[str, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    measured: Measured | None = None
    served: Served | None = None
    updates: dict[str, float] = field(default_factory=dict)
    scale: dict[int, Measured] = field(default_factory=dict)

    def say(self, text: str) -> None:
        """A line of progress."""
        print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)

    # ---- building ---------------------------------------------------------------------------

    def sample(self, count: int) -> Path:
        """The sample of that size, written once."""
        path = self.work / f"articles-{count}.jsonl"
        if not path.exists():
            self.say(f"writing {count:,} articles")
            part = path.with_suffix(".part")
            write_sample(self.options.data, count, self.options.seed, part)
            part.rename(path)
        return path

    def folder(self, key: str, count: int) -> Path:
        """Where the index of a peer is."""
        return self.work / f"{SHARES_INDEX.get(key, key)}-{count}"

    def build(self, key: str, count: int) -> Build:
        """Build one index of `count` articles (stock Whoosh: at most its part)."""
        sample = self.sample(count)
        if self.most(key, count) < count:
            count = self.most(key, count)
            part = self.work / f"articles-whoosh-{count}.jsonl"
            write_head(sample, count, part)
            sample = part
            self.notes.append(f"stock Whoosh has the first {count:,} articles only: it indexes too slowly")
        self.say(f"building {key}, {count:,} articles")
        options = self.options
        return build(key, sample, count, self.folder(key, count), options.workers, options.reuse)

    def most(self, key: str, count: int) -> int:
        """How many of `count` articles a peer gets."""
        return min(count, self.options.stock_articles) if key == "whoosh" else count

    def open(self, keys: Sequence[str], count: int) -> dict[str, Peer]:
        """The peers, opened for asking."""
        opened = {}
        for key in keys:
            opened[key] = make_peer(key)
            opened[key].open(self.folder(key, self.most(key, count)))
        return opened

    def usable(self, keys: Sequence[str]) -> list[str]:
        """Those of `keys` that are installed or at hand; a note for each of the others."""
        found = []
        for key in keys:
            try:
                make_peer(key)
            except (ImportError, KeyError) as error:
                self.notes.append(f"{key} was not measured: {error} is missing")
            else:
                found.append(key)
        return found

    # ---- measuring --------------------------------------------------------------------------

    def main_run(self, keys: Sequence[str]) -> None:
        """Everything at `--articles`."""
        options = self.options
        count: int = options.articles
        for key in keys:
            if key not in SHARES_INDEX:
                self.builds[key] = self.build(key, count)
        asks = sample_asks(self.sample(count), options.queries, options.seed)
        self.first_answers(keys, count, asks["whole page"][0])
        self.measured = measure(self.open(keys, count), asks, options.rounds, self.say)
        if options.http:
            self.say("serving")
            words = [ask for kind in HTTP_KINDS for ask in asks[kind]]
            self.served = serve_and_load(self.folder("ours", count), words, self.work)
        if options.update:
            self.update(count)

    def first_answers(self, keys: Sequence[str], count: int, ask: Ask) -> None:
        """Cold starts."""
        for key in keys:
            self.first[key], _ = first_answer(key, self.folder(key, self.most(key, count)), ask)

    def update(self, count: int) -> None:
        """Small updates of searchapp's index; the index is not used afterwards."""
        for new, changed in UPDATES:
            self.say(f"updating {new} + {changed}")
            what = f"`--update`: {new:,} new" + (f" and {changed:,} changed" if changed else "")
            folder, sample = self.folder("ours", count), self.sample(count)
            try:
                self.updates[what] = update_seconds(folder, sample, self.work, new, changed)
            except subprocess.CalledProcessError as error:
                self.notes.append(f"{what} failed: {error}")
        # Later runs must not take the changed index for the fresh one.
        self.folder("ours", count).with_suffix(".json").unlink()

    def scaled(self, keys: Sequence[str]) -> None:
        """The same questions to indexes of several sizes."""
        sizes = self.options.scale
        if not sizes:
            return
        keys = [key for key in SCALE_PEERS if key in keys]
        asks = sample_asks(self.sample(min(sizes)), self.options.queries, self.options.seed)
        chosen = {kind: asks[kind] for kind in ("quoted run", "whole page")}
        for size in sizes:
            there = [key for key in keys if key == "ours" or size <= SCALE_MOST_ARTICLES]
            if there != keys:
                self.notes.append(f"{size:,} articles: searchapp alone, the others take too long to build")
            for key in there:
                if key not in SHARES_INDEX:
                    self.build(key, size)
            self.scale[size] = measure(self.open(there, size), chosen, self.options.rounds, self.say)


# ---- reporting ------------------------------------------------------------------------------


def report(run: Run, names: Mapping[str, str]) -> str:
    """All tables as markdown."""
    options = run.options
    sizes = " and ".join(f"{size:,}" for size in dict.fromkeys([options.articles, *options.scale]) if size)
    parts = [
        f"Speed, {datetime.now(UTC):%Y-%m-%d}, {machine()}: {sizes} articles of "
        f"{options.data.name}, seed {options.seed}, {options.queries} questions a kind, "
        f"{options.rounds} rounds interleaved, {options.workers} indexing processes. "
        f"Ratios by {'processor time' if options.clock == 'cpu_ms' else 'the clock'}."
    ]
    if run.measured is not None:
        parts += [
            table.build_table(run.builds, names, run.first),
            table.times_table(run.measured, names, "ms"),
            table.times_table(run.measured, names, "cpu_ms"),
            table.ratio_table(run.measured, names, options.clock),
            bounds_table(run.measured, run.builds, run.served, run.updates, options.clock),
            table.agreement_table(run.measured.agreement, names),
        ]
    if run.served is not None:
        s = run.served
        rates = {"empty route": s.empty, "new questions": s.fresh, "questions asked before": s.kept}
        rows = [[what, f"{rate:,.0f}"] for what, rate in rates.items()]
        parts.append(table.rows_to_markdown(["JSON over HTTP, 2 workers", "requests/s"], rows))
    if run.updates:
        rows = [[what, f"{seconds:.2f}"] for what, seconds in run.updates.items()]
        parts.append(table.rows_to_markdown(["update", "seconds, process included"], rows))
    if run.scale:
        parts.append(table.scale_table(run.scale, names, options.clock))
    return "\n\n".join([*parts, *(f"- {note}" for note in dict.fromkeys(run.notes))]) + "\n"


def machine() -> str:
    """Processors and Python of this machine, and in what searchapp's inner loops run."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        model = names[0].partition(":")[2].strip() if names else model
    loops = "C" if kernels.COMPILED else "numpy"
    return f"{os.cpu_count()} × {model}, Python {platform.python_version()}, kernels in {loops}"


def draw_scale(run: Run, names: Mapping[str, str]) -> str:
    """Whole page against size."""
    lines: list[dict[str, dict[int, float]]] = [{}, {}]
    for size, measured in run.scale.items():
        for key, times in measured.times.items():
            for line, percent in zip(lines, (50, 95), strict=True):
                line.setdefault(names[key], {})[size] = times["whole page"].at(percent, run.options.clock)
    return plot.draw("Whole page: rank, six facets, ten snippets", *lines)


def write_results(run: Run, names: Mapping[str, str], output: Path) -> None:
    """table.md, figures.json and scale.svg."""
    output.mkdir(parents=True, exist_ok=True)
    text = report(run, names)
    (output / "table.md").write_text(text, encoding="utf-8")
    figures = {
        "builds": {key: asdict(built) for key, built in run.builds.items()},
        "measured": asdict(run.measured) if run.measured else None,
        "served": asdict(run.served) if run.served else None,
        "updates": run.updates,
        "scale": {size: asdict(measured) for size, measured in run.scale.items()},
    }
    (output / "figures.json").write_text(json.dumps(figures, ensure_ascii=False), encoding="utf-8")
    if run.scale:
        (output / "scale.svg").write_text(draw_scale(run, names), encoding="utf-8")
    print(text)


def read_options() -> argparse.Namespace:
    """The command line."""
    form = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=form)
    parser.add_argument("--data", type=Path, required=True, help="articles, any form that reindex reads")
    parser.add_argument("--articles", type=int, default=20_000, help="of the main run; 0 leaves it out")
    parser.add_argument("--queries", type=int, default=100, help="questions of each kind")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=20261123)
    parser.add_argument("--workers", type=int, default=2, help="indexing processes of every engine")
    parser.add_argument("--peers", default=",".join(PEERS), help="comma-separated; ours is always there")
    parser.add_argument(
        "--stock-articles", type=int, default=STOCK_MOST_ARTICLES, help="at most so many for stock Whoosh"
    )
    parser.add_argument(
        "--stock-queries", type=int, default=STOCK_MOST_QUESTIONS, help="at most so many of a kind for it"
    )
    parser.add_argument("--scale", type=_sizes, default=[], help="sizes, as 10000,50000,139408,1000000")
    parser.add_argument("--work", type=Path, help="keep samples and indexes in this folder")
    parser.add_argument("--reuse", action="store_true", help="take indexes that --work holds from before")
    parser.add_argument("--output", type=Path, default=Path("benchmark-results"))
    parser.add_argument("--clock", choices=("ms", "cpu_ms"), default="ms", help="what the ratios compare")
    parser.add_argument("--no-http", dest="http", action="store_false")
    parser.add_argument("--no-update", dest="update", action="store_false")
    return parser.parse_args()


def _sizes(text: str) -> list[int]:
    return sorted(int(part) for part in text.split(","))


def main() -> None:
    options = read_options()
    MOST_QUESTIONS["whoosh"] = options.stock_queries
    with tempfile.TemporaryDirectory(prefix="searchapp-bench-") as temporary:
        run = Run(options, options.work or Path(temporary))
        run.work.mkdir(parents=True, exist_ok=True)
        wanted = ["ours", *(key for key in PEERS if key in options.peers.split(",") and key != "ours")]
        keys = run.usable(wanted)
        names = {key: make_peer(key).name for key in keys}
        if options.articles:
            run.main_run(keys)
        run.scaled(keys)
        write_results(run, names, options.output)


if __name__ == "__main__":
    main()
