"""What share of its weight has a term, by what it is in the query? Labels and words of asking less.

- A label in brackets at the head of a query names a column (【新思想引领新征程】): hundreds of articles
  stand under it, and hardly one says it. The headline behind it says what the article is about.
- Words that make a question of a query (什么, 如何, 可以) are rare in articles, so idf takes them for
  telling; what answers a question seldom asks one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from searchapp.analysis.normalise import squeeze
from searchapp.engines.whoosh.scored_terms import Form, Term
from searchapp.engines.whoosh.weights import Weights

# In squeezed text all square brackets are these.
LABEL = re.compile(r"\[[^\[\]]+\]")
# Interrogatives, and the modal verbs with which one asks what is allowed or needed.
QUESTION_WORDS = frozenset({
    "什么", "怎么", "如何", "怎样", "怎么样", "怎么办", "是否", "哪些", "哪个", "哪里", "哪儿", "哪", "吗",
    "呢", "为什么", "为何", "多少", "几", "几个", "谁", "何", "何时", "何种", "何处", "有没有", "是不是",
    "会不会", "能不能", "要不要", "可不可以", "能否", "可否", "哪家", "哪位", "哪年", "哪一年", "哪种",
    "多长", "多久", "多大", "什么样", "请问", "可以", "应当", "应该", "需要", "能够", "必须", "能", "会",
    "要", "可", "应", "须", "还",
})  # fmt: skip
_ASKING = re.compile(
    "|".join(sorted((word for word in QUESTION_WORDS if len(word) > 1), key=len, reverse=True))
)


@dataclass(frozen=True, slots=True)
class QueryWeights:
    """Shares of the terms of one query: `label` is its label and `rest` what stands behind it."""

    label: str
    rest: str
    weights: Weights

    def share(self, term: Term) -> float:
        """The share of its weight that a term has in this query; all of it when asked for exactly."""
        if term.kind == "run":
            return 1.0
        share = self.weights.question if term.text in QUESTION_WORDS else 1.0
        in_label = term.text in self.label and term.text not in self.rest
        return share * self.weights.label if in_label else share


def query_weights(leaves: Sequence[Sequence[Form]], weights: Weights) -> QueryWeights:
    """The shares of the terms of a query's leaves, which are in their order."""
    words = [[squeeze(form.text) for form in forms] for forms in leaves if not forms[0].exact]
    typed = "".join(forms[0] for forms in words)
    found = LABEL.match(typed)
    if not found or found.end() == len(typed):
        return QueryWeights("", typed, weights)
    # A variant of a word in the label is not typed there, but is no more than the word is.
    variants = [form for forms in words if forms[0] in found[0] for form in forms[1:]]
    return QueryWeights(" ".join([found[0], *variants]), typed[found.end() :], weights)


def without_asking(run: str) -> str:
    """A squeezed run with a gap for each question word of two or more characters."""
    return _ASKING.sub(" ", run)
