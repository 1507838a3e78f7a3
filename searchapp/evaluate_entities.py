"""How well are counties, officials, offices and statements found? Against articles labelled by hand.

Input: one mapping an article with `title`, `text`, `date`, `source`, `places` (`code`, `level`),
`officials` (`name`, `offices`, `code`, `former`) and `statements` (`speaker`, `start`, `end` into
`text`). What counts as right:

- county: the 6-digit code, once an article, towns left out;
- official: name and code of the place, once an article;
- former: the same with present or former;
- office: name, code and title, after `comparable_title`;
- statement: the right speaker, and an overlap of at least half of the union of the two spans; each
  labelled stretch is matched by one found stretch at most.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from searchapp.article import Article, Official
from searchapp.errors import CorpusError

What = Literal["county", "official", "former", "office", "statement"]
WHATS: tuple[What, ...] = ("county", "official", "former", "office", "statement")
LEAST_OVERLAP = 0.5

_KEEPS_LEVEL = re.compile(
    "[省市县区镇乡州旗盟](?:委(?:副?书记|常委|委员|副?秘书长)|长|政府(?:副?秘书长)|人民政府副?秘书长)"
)
_LEVEL = re.compile("^[省市县区镇乡]")
_COMMITTEE_OF = re.compile("^(?:县委|区委|市委|省委)(?=.*(?:部|办|委|局|室|组|校|院).*)")


class ArticleAnnotator(Protocol):
    """What is measured: fills in places, officials and statements."""

    def annotate(self, article: Article) -> Article: ...


@dataclass(frozen=True, slots=True)
class Score:
    """Counts over all articles: right, found but wrong, labelled but missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Right of all found; 0.0 when nothing was found."""
        found = self.right + self.wrong
        return self.right / found if found else 0.0

    @property
    def recall(self) -> float:
        """Right of all labelled; 0.0 when nothing is labelled."""
        labelled = self.right + self.missed
        return self.right / labelled if labelled else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / both if both else 0.0

    def __add__(self, other: Score) -> Score:
        return Score(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)


@dataclass(frozen=True, slots=True)
class EntityError:
    """One difference: `kind` "missed" (labelled, not found) or "wrong" (found, not labelled)."""

    article: str
    what: What
    kind: Literal["missed", "wrong"]
    value: str


@dataclass(frozen=True, slots=True)
class EntityScores:
    """`scores` by what was measured, `errors` in the order of the articles."""

    articles: int
    scores: Mapping[What, Score]
    errors: tuple[EntityError, ...] = ()

    def __getitem__(self, what: What) -> Score:
        return self.scores[what]


@dataclass(slots=True)
class _Tally:
    scores: dict[What, Score] = field(default_factory=lambda: {what: Score() for what in WHATS})
    errors: list[EntityError] = field(default_factory=list)

    def compare(self, article: str, what: What, labelled: set[str], found: set[str]) -> None:
        self.scores[what] += Score(len(labelled & found), len(found - labelled), len(labelled - found))
        self.errors += [EntityError(article, what, "missed", value) for value in sorted(labelled - found)]
        self.errors += [EntityError(article, what, "wrong", value) for value in sorted(found - labelled)]


def evaluate(labelled: Iterable[Mapping[str, Any]], annotator: ArticleAnnotator) -> EntityScores:
    """Annotates every labelled article and scores it.

    Raises CorpusError, with the number of the record as line, when a label lacks what is needed.
    """
    tally = _Tally()
    count = 0
    for number, record in enumerate(labelled, 1):
        try:
            _score_article(record, annotator, tally)
        except (KeyError, TypeError, AttributeError) as error:
            raise CorpusError("labels", number, f"not a labelled article: {error!r}") from error
        count += 1
    return EntityScores(count, tally.scores, tuple(tally.errors))


def _score_article(record: Mapping[str, Any], annotator: ArticleAnnotator, tally: _Tally) -> None:
    article = Article(
        id=str(record.get("id", "")),
        title=record.get("title") or "",
        text=record["text"],
        date=record.get("date") or "",
        source=record.get("source") or "",
    )
    places, people, said = record["places"], record["officials"], record["statements"]
    found = annotator.annotate(article)
    tally.compare(
        article.id,
        "county",
        {place["code"] for place in places if place["level"] == "county"},
        {place.code for place in found.counties},
    )
    tally.compare(
        article.id,
        "official",
        {f"{person['name']}@{person['code']}" for person in people},
        {official.id for official in found.officials},
    )
    tally.compare(article.id, "former", _labelled_tenure(people), _found_tenure(found.officials))
    tally.compare(article.id, "office", _labelled_offices(people), _found_offices(found.officials))
    _compare_statements(article, said, found, tally)


def _labelled_tenure(people: Sequence[Mapping[str, Any]]) -> set[str]:
    return {f"{person['name']}@{person['code']} {_tenure(person['former'])}" for person in people}


def _found_tenure(officials: Sequence[Official]) -> set[str]:
    return {
        f"{official.id} {_tenure(office.former)}" for official in officials for office in official.offices
    }


def _tenure(former: bool) -> str:
    return "former" if former else "present"


def _labelled_offices(people: Sequence[Mapping[str, Any]]) -> set[str]:
    return {
        f"{person['name']}@{person['code']} {comparable_title(title)}"
        for person in people
        for title in person["offices"]
    }


def _found_offices(officials: Sequence[Official]) -> set[str]:
    return {
        f"{official.id} {comparable_title(office.title)}"
        for official in officials
        for office in official.offices
    }


def comparable_title(title: str) -> str:
    """`title` as offices are compared: without a leading level word, except where it is the office's
    own (县委书记, 市委常委, 省政府副秘书长, 县长), and without the committee before its department
    (县委宣传部部长 = 宣传部部长)."""
    if _KEEPS_LEVEL.fullmatch(title):
        return title
    return _LEVEL.sub("", _COMMITTEE_OF.sub("", title))


def _compare_statements(
    article: Article, labelled: Sequence[Mapping[str, Any]], found: Article, tally: _Tally
) -> None:
    left = [(statement.name, statement.span.start, statement.span.end) for statement in found.statements]
    right = 0
    for label in labelled:
        wanted = (label["speaker"], label["start"], label["end"])
        match = next((span for span in left if _same_stretch(wanted, span)), None)
        if match is None:
            tally.errors.append(EntityError(article.id, "statement", "missed", _shown(article, wanted)))
        else:
            left.remove(match)
            right += 1
    tally.errors += [EntityError(article.id, "statement", "wrong", _shown(article, span)) for span in left]
    tally.scores["statement"] += Score(right, len(left), len(labelled) - right)


def _same_stretch(one: tuple[str, int, int], other: tuple[str, int, int]) -> bool:
    if one[0] != other[0]:
        return False
    common = min(one[2], other[2]) - max(one[1], other[1])
    union = max(one[2], other[2]) - min(one[1], other[1])
    return common >= LEAST_OVERLAP * union > 0


def _shown(article: Article, stretch: tuple[str, int, int]) -> str:
    name, start, end = stretch
    words = article.text[start:end]
    return f"{name} {start}-{end} {words if len(words) <= 30 else words[:15] + '…' + words[-14:]}"
