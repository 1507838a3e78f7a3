"""Reprints: near-equal texts share a group, different ones do not; grouped hits add up."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from engine_fixtures import Built, build, sample_dictionaries

from searchapp.analysis.reprints import HASHES, SHINGLE_CHARS, signatures
from searchapp.article import Article
from searchapp.engines.whoosh.reprints import group_reprints
from searchapp.query import Query, Words
from searchapp.sample import SamplePaths

NO_SIGNATURE = bytes(2 * HASHES)
HAN = [chr(code) for code in range(0x4E00, 0x4F00)]


def text_of(seed: int, chars: int = 400) -> str:
    chance = random.Random(seed)
    return "".join(chance.choice(HAN) for _ in range(chars))


def rows(texts: list[str]) -> np.ndarray:
    return np.frombuffer(b"".join(signatures(texts)), "<u2").reshape(-1, HASHES)


def test_reprints_with_another_dateline_share_a_group_and_others_do_not() -> None:
    texts = [text_of(number) for number in range(40)]
    reprints = [
        "某报讯（记者某某）" + texts[3] + "（责任编辑：某某）",
        texts[3].replace(texts[3][100:104], "改动了"),
    ]
    group = group_reprints(rows([*texts, *reprints]))
    assert group[:40].tolist() == list(range(40))
    assert group[40:].tolist() == [3, 3]


def test_groups_join_through_a_middle_text_and_are_named_by_their_first() -> None:
    base = text_of(1)
    chain = [base, base + text_of(2, 60), base + text_of(2, 60) + text_of(3, 60)]
    assert set(group_reprints(rows(chain)).tolist()) == {0}


def test_short_texts_resemble_nothing() -> None:
    assert signatures(["短消息", "", text_of(5), "短"]) == [NO_SIGNATURE] * 2 + signatures([text_of(5)]) + [
        NO_SIGNATURE
    ]
    assert group_reprints(rows(["短消息", "短消息"])).tolist() == [0, 1]
    assert group_reprints(np.zeros((0, HASHES), np.uint16)).tolist() == []


def test_punctuation_spaces_and_script_do_not_count() -> None:
    text = "县委书记主持召开会议，强调要坚持项目为王，推动高质量发展，增进民生福祉。" * 2
    folded = text.replace("，", ",\n ").replace("书记", "書記").replace("发展", "發展")
    assert signatures([text]) == signatures([folded]) != [NO_SIGNATURE]


def test_a_signature_does_not_depend_on_the_texts_around() -> None:
    texts = [text_of(number, 7 * number) for number in range(30)]
    assert signatures(texts) == [row for text in texts for row in signatures([text])]
    assert signatures([]) == []


def test_the_share_of_equal_hashes_estimates_how_much_two_texts_share() -> None:
    """Against the shingles themselves, over 200 pairs that share from none to all of their text."""
    errors = []
    for seed in range(200):
        shared = text_of(seed, 10 * (seed % 41))
        pair = [
            shared + text_of(1000 + seed, 400 - len(shared)),
            shared + text_of(2000 + seed, 400 - len(shared)),
        ]
        first, second = (
            {text[at : at + SHINGLE_CHARS] for at in range(len(text) - SHINGLE_CHARS + 1)} for text in pair
        )
        one, other = rows(pair)
        errors.append((one == other).mean() - len(first & second) / len(first | second))
    assert abs(np.mean(errors)) < 0.02
    assert np.std(errors) < 1.5 * 0.5 / HASHES**0.5


@pytest.fixture(scope="module")
def index(
    tmp_path_factory: pytest.TempPathFactory, sample: SamplePaths, sample_articles: tuple[Article, ...]
) -> Built:
    return build(tmp_path_factory.mktemp("index"), sample_articles, sample_dictionaries(sample.additions))


@pytest.mark.parametrize("group", ["reprints", "county", "official"])
def test_groups_page_through_every_hit(index: Built, group: str) -> None:
    """Each hit is in as many groups as it has values; the groups of all pages are the groups."""
    query = Query(clause=Words("会议"), group=group, size=4)  # type: ignore[arg-type]
    whole = index.reader.search(replace(query, group="none", size=1000))
    first = index.reader.search(query)
    assert first.groups is not None
    assert first.total == whole.total
    pages = [index.reader.search(replace(query, page=page)).hits for page in range(1, first.groups // 4 + 2)]
    hits = [hit for page in pages for hit in page]
    assert len(hits) == first.groups
    if group == "reprints":
        assert sum(hit.same + 1 for hit in hits) == whole.total
        return
    values = {
        hit.article.id: [p.code for p in hit.article.counties]
        if group == "county"
        else [official.id for official in hit.article.officials]
        for hit in whole.hits
    }
    expected: dict[str, int] = {}
    for held in values.values():
        for value in held or [""]:
            expected[value] = expected.get(value, 0) + 1
    assert {hit.group: hit.same + 1 for hit in hits} == expected


def test_the_sample_holds_reprints(index: Built) -> None:
    grouped = index.reader.search(Query(group="reprints", size=100))
    assert any(hit.same for hit in grouped.hits)
    assert grouped.groups is not None
    assert grouped.groups < grouped.total
