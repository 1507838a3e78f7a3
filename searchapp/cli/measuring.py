"""`searchapp evaluate`: how good are the answers?"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import click

from searchapp.cli.group import index_option, json_option
from searchapp.config import load_settings
from searchapp.query import Match


@click.command()
@click.argument("folder", required=False, metavar="[DIR]", type=click.Path(path_type=Path))
@click.option("--match", type=click.Choice(["any", "all", "auto"]), default="any", show_default=True)
@click.option("--limit", type=click.IntRange(1), metavar="N", help="only the first N queries")
@click.option(
    "--entities",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="labelled articles instead",
)
@click.option("--errors", is_flag=True, help="with --entities: every difference, one a line")
@index_option
@json_option
def evaluate(
    folder: Path | None,
    match: Match,
    limit: int | None,
    entities: Path | None,
    errors: bool,
    index: str | None,
    as_json: bool,
) -> None:
    """nDCG@10, MRR@10 and recall@100 for DIR in BEIR layout; with --entities precision and recall.

    DIR holds queries.jsonl, qrels.tsv and corpus.jsonl; without corpus.jsonl the live index is asked.
    """
    if (folder is None) == (entities is None):
        raise click.UsageError("give either DIR or --entities FILE")
    if folder is not None:
        _evaluate_ranking(folder, match, limit, index, as_json)
    elif entities is not None:
        _evaluate_entities(entities, errors, as_json)


def _evaluate_ranking(
    folder: Path, match: Match, limit: int | None, index: str | None, as_json: bool
) -> None:
    from searchapp import evaluate as measure
    from searchapp.search import Searcher

    topics, qrels = measure.read_topics(folder, limit), measure.read_qrels(folder)
    with contextlib.ExitStack() as stack:
        if measure.has_corpus(folder):
            reader, where = stack.enter_context(measure.corpus_reader(folder)), "its own articles"
        else:
            reader = Searcher(load_settings(index=index)).live().reader
            where = f"the live index, generation {reader.generation}"
        scores = measure.evaluate(topics, qrels, measure.reader_search(reader, match))
    if as_json:
        names = ("queries", "ndcg_10", "mrr_10", "recall_100", "unjudged_10", "skipped", "refused")
        facts = {name: getattr(scores, name) for name in names}
        click.echo(json.dumps({"set": folder.name, "match": match, "articles": where, **facts}))
        return
    click.echo(f"match={match}, asked of {where}")
    click.echo(measure.format_table({folder.name: scores}))


def _evaluate_entities(labels: Path, errors: bool, as_json: bool) -> None:
    from dataclasses import asdict

    from searchapp import evaluate_entities as measure
    from searchapp.dictionaries import load_dictionaries
    from searchapp.evaluate import read_labels

    scores = measure.evaluate(read_labels(labels), load_dictionaries().annotator)
    if as_json:
        rows = {what: asdict(score) | {"f1": score.f1} for what, score in scores.scores.items()}
        listed = [asdict(error) for error in scores.errors] if errors else []
        click.echo(json.dumps({"articles": scores.articles, **rows, "errors": listed}, ensure_ascii=False))
        return
    click.echo(f"{scores.articles} articles")
    for what, score in scores.scores.items():
        click.echo(f"{what:10} precision {score.precision:.3f}  recall {score.recall:.3f}  F1 {score.f1:.3f}")
    for error in scores.errors if errors else ():
        click.echo(f"{error.article}\t{error.what}\t{error.kind}\t{error.value}")
