"""Parameters of the score, and how each was measured."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """Parameters of the score; every default was chosen by measurement (nDCG@10 on five sets of
    queries with judgments, one parameter varied at a time; README, "Quality", has the figures).

    `k1`, `b_title`, `b_text`: saturation and length normalisation of BM25F. k1 = 1.2 as usual (0.9
    and 1.5 lose .001 to .002 on average); b_text .55 to .75 are equal on average, .6 favours news,
    .75 statutes; b_title .7 is better than .2 to .4 by .002.
    `title`: what an occurrence in the title counts against one in the text; 1 loses .002, 3 and 4
    gain nothing. `lead`: what one in the first `lead_chars` characters of the text counts more than
    one further down; without it .007 is lost, .03 on headlines of untitled articles. .75 to 1.5
    times and 80 to 120 characters are equal; 80 leaves short texts alone.
    `word`, `gram`: weights of index words and of bigrams; a Han word of two characters is both.
    `long_word`: weight of a longer word; the words and bigrams in it count as well. Weights of 0.5
    to 2 differ by .001 to .003.
    `counted`: what a digit with the Han character behind it (5月, 9届) weighs more than other bigrams,
    as if it were a word; .001 on headlines, nothing elsewhere.
    `variant`: discount of a synonym or near spelling; by judgment, no set measures it.
    `label`, `question`: the share of their weight that a label at the head of a query and question
    words have (see `query_weights`). Without `label` .004 are lost on headlines; .25 to .5 differ by
    .0005. Without `question` .002 are lost on cmrc2018 and on statutes, .002 gained on
    dureader2_demo (not told from 0); .3 gains .001 more on statutes, and loses .007 on dureader2_demo.

    The rest is of loose answers (match=any, relaxed; see `loose`), measured on the five sets and on
    1,900 further queries of three of them:
    `character`: weight of a single character of the query; without it .004 and .007 are lost; .8 to
    1.25 differ by .001. `telling`, `best`: what share of its weight a term gains when none of the
    `best` records holds it; without it .005 and .005 are lost; .3 to .5 and 15 to 30 records differ
    by .002. `near`: how many of the first records are looked at again; 50 to 200 are equal in
    nDCG@10, 200 better in recall@100 by .002. `number`: weight of a number that the query gives rounded
    (see `numerals`), what the digits would weigh as typed; without it .021 are lost on headlines, .008
    on 2,500 further ones, all of it on headlines that count cases of an illness; 6 to 10 differ by .001.
    """

    k1: float = 1.2
    b_title: float = 0.7
    b_text: float = 0.7
    title: float = 2.0
    lead: float = 1.0
    lead_chars: int = 80
    word: float = 2.0
    long_word: float = 1.0
    gram: float = 1.0
    counted: float = 2.0
    variant: float = 0.6
    label: float = 0.4
    question: float = 0.5
    character: float = 1.0
    telling: float = 0.4
    best: int = 20
    near: int = 200
    number: float = 6.0
