"""What is indexed and what is asked: a seeded sample of the corpus, and of the words in it.

Nothing is picked by hand. Words are drawn from random places of random articles, as jieba cuts them
there, and kept by the share of articles that hold them; runs are random stretches of Han text.
"""

from __future__ import annotations

import itertools
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from peers.base import Ask

from searchapp.analysis.normalise import squeeze
from searchapp.article import Article
from searchapp.corpus import read_articles
from searchapp.dictionaries import load_dictionaries
from searchapp.errors import CorpusError

KINDS = ("rare word", "common word", "4 words", "quoted run", "filter + facets", "whole page")
MOST_RARE_SHARE = 0.002
LEAST_COMMON_SHARE = 0.05
COUNTED_ARTICLES = 10_000
RUN_CHARS = (4, 10)
HAN_WORD = re.compile("[\u4e00-\u9fd5]{2,}")
HAN_RUN = re.compile("[\u4e00-\u9fd5]{4,}")


def write_sample(data: Path, count: int, seed: int, target: Path) -> int:
    """Write `count` articles of `data` in random order as JSON lines; how many there are.

    More than the corpus holds are made by repeating its texts under new ids.
    """
    rejected: Callable[[CorpusError, str], None] = lambda error, raw: None  # noqa: E731
    articles = [a for a in read_articles([str(data)], rejected) if a.text]
    random.Random(seed).shuffle(articles)
    with target.open("w", encoding="utf-8") as file:
        for number, article in enumerate(itertools.islice(itertools.cycle(articles), count)):
            copy = number // len(articles)
            file.write(json.dumps(_row(article, copy), ensure_ascii=False) + "\n")
    return count


def _row(article: Article, copy: int) -> dict[str, str]:
    return {
        "id": f"{article.id}~{copy}" if copy else article.id,
        "title": article.title,
        "text": article.text,
        "date": article.date,
        "source": article.source,
        "url": article.url,
    }


def read_rows(path: Path, most: int | None = None) -> Iterator[Article]:
    """The articles of a sample file, at most `most`."""
    with path.open(encoding="utf-8") as file:
        for line in itertools.islice(file, most):
            yield Article(**json.loads(line))


def write_head(source: Path, count: int, target: Path) -> None:
    """The first `count` lines of a sample file (which is in random order)."""
    with source.open(encoding="utf-8") as file, target.open("w", encoding="utf-8") as out:
        out.writelines(itertools.islice(file, count))


@dataclass
class Words:
    """Random words of the sample by how many articles hold them."""

    articles: list[Article]
    random: random.Random

    def __post_init__(self) -> None:
        self.cutter = load_dictionaries().cutter
        self.df = Counter(word for article in self.articles for word in set(self._cut(article)))

    def _cut(self, article: Article) -> list[str]:
        return [word for word in self.cutter.cut(article.text) if HAN_WORD.fullmatch(word)]

    def share(self, word: str) -> float:
        """Share of the counted articles that hold `word`."""
        return self.df[word] / len(self.articles)

    def some(self, count: int, fits: Callable[[str], bool]) -> list[str]:
        """`count` distinct random words that fit."""
        found: dict[str, None] = {}
        for _ in range(400 * count):
            words = self._cut(self.random.choice(self.articles))
            word = self.random.choice(words) if words else ""
            if word and fits(word):
                found.setdefault(word)
            if len(found) == count:
                break
        return list(found)

    def rare(self, count: int) -> list[str]:
        """Words that at most 0.2 % of the articles hold."""
        return self.some(count, lambda word: self.share(word) <= MOST_RARE_SHARE)

    def common(self, count: int) -> list[str]:
        """Words that at least 5 % of the articles hold."""
        return self.some(count, lambda word: self.share(word) >= LEAST_COMMON_SHARE)

    def together(self, count: int, size: int) -> list[tuple[str, ...]]:
        """`size` distinct words of one article, `count` times."""
        found: list[tuple[str, ...]] = []
        while len(found) < count:
            words = sorted(set(self._cut(self.random.choice(self.articles))))
            if len(words) >= size:
                found.append(tuple(self.random.sample(words, size)))
        return found

    def runs(self, count: int) -> list[str]:
        """Stretches of Han text, 4 to 10 characters long."""
        found: list[str] = []
        while len(found) < count:
            stretches = HAN_RUN.findall(self.random.choice(self.articles).text)
            if stretches:
                stretch = self.random.choice(stretches)
                chars = min(len(stretch), self.random.randint(*RUN_CHARS))
                at = self.random.randint(0, len(stretch) - chars)
                found.append(squeeze(stretch[at : at + chars]))
        return found

    def filtered(self, count: int) -> list[Ask]:
        """A word of an article that names a county, and that county's city as the selection."""
        annotate = load_dictionaries().annotator.annotate
        asks: list[Ask] = []
        while len(asks) < count:
            article = self.random.choice(self.articles)
            words = [word for word in self._cut(article) if self.share(word) > MOST_RARE_SHARE]
            cities = sorted({p.code[:4] for p in annotate(article).counties if len(p.code) == 6})
            if words and cities:
                word, city = self.random.choice(words), self.random.choice(cities)
                asks.append(Ask("filter + facets", (word,), facet="city", value=city, facets=True))
        return asks


def sample_asks(sample: Path, count: int, seed: int) -> dict[str, list[Ask]]:
    """`count` questions of each kind."""
    words = Words(list(read_rows(sample, COUNTED_ARTICLES)), random.Random(seed))
    third = -(-count // 3)
    mixed = [(word,) for word in (*words.rare(third), *words.common(third))] + words.together(third, 4)
    pages = mixed[:]
    words.random.shuffle(pages)
    return {
        "rare word": [Ask("rare word", (word,)) for word in words.rare(count)],
        "common word": [Ask("common word", (word,)) for word in words.common(count)],
        "4 words": [Ask("4 words", four) for four in words.together(count, 4)],
        "quoted run": [Ask("quoted run", (run,), quoted=True) for run in words.runs(count)],
        "filter + facets": words.filtered(count),
        "whole page": [Ask("whole page", w, facets=True, page=True) for w in pages[:count]],
    }
