"""What do profiles, comparisons and tracks look like in JSON? One explicit function each."""

from __future__ import annotations

from searchapp.desk import (
    Comparison,
    Count,
    Counted,
    CountyProfile,
    Evidence,
    OfficialProfile,
    PersonLine,
    Reading,
    Row,
    Tenure,
    Track,
)
from searchapp.desk.comparison import SharedWording, Speech, Voice
from searchapp.desk.profiles import Activity, TenureLine
from searchapp.desk.tenures import Handover, Holder
from searchapp.desk.tracker import Arrival
from searchapp.results import Hit
from searchapp.web.desk_links import DeskLinks
from searchapp.web.payload import Json


def county_json(profile: CountyProfile, links: DeskLinks) -> Json:
    """The answer of `/api/counties/<code>`."""
    return {
        "code": profile.code,
        "name": profile.name,
        "path": profile.path,
        "articles": count_json(profile.articles, links),
        "statements": count_json(profile.statements, links),
        "months": {
            "articles": months_json(profile.activity),
            "statements": months_json(profile.speech),
        },
        "officials": [person_json(person, links) for person in profile.people],
        "officials_unlisted": profile.unlisted,
        "read": reading_json(profile.reading),
        "latest_statements": [hit_json(hit) for hit in profile.latest],
        "neighbours": [counted_json(item, links) for item in profile.neighbours],
    }


def official_profile_json(profile: OfficialProfile, links: DeskLinks) -> Json:
    """The answer of `/api/officials/<id>`."""
    return {
        "id": profile.id,
        "name": profile.name,
        "code": profile.code,
        "place": profile.place,
        "label": profile.label,
        "articles": count_json(profile.articles, links),
        "statements": count_json(profile.statements, links),
        "months": months_json(profile.activity),
        "tenures": [tenure_line_json(line) for line in profile.tenures],
        "handovers": [handover_json(item) for item in profile.handovers],
        "read": reading_json(profile.reading),
        "namesakes": [counted_json(item, links) for item in profile.namesakes],
        "counties": [counted_json(item, links) for item in profile.counties],
        "mentioned_with": [counted_json(item, links) for item in profile.people],
        "latest_statements": [hit_json(hit) for hit in profile.latest],
    }


def count_json(count: Count, links: DeskLinks) -> Json:
    """`count` is the total of the search at `url`."""
    return {"count": count.number, "url": links.to(count.query)}


def counted_json(item: Counted, links: DeskLinks) -> Json:
    answer: Json = {"value": item.value, "label": item.label, **count_json(item.count, links)}
    return answer | ({"path": item.path} if item.path else {})


def months_json(activity: Activity) -> Json:
    """Hits by month, in the order of time, and how many have no date."""
    values = sorted(value for value in ((v.value, v.count) for v in activity.months.values) if value[1])
    return {
        "values": [{"value": month, "count": count} for month, count in values],
        "missing": activity.months.missing,
        "other": activity.months.other,
    }


def person_json(person: PersonLine, links: DeskLinks) -> Json:
    return {
        "id": person.id,
        "name": person.name,
        "first_day": person.first_day or None,
        "last_day": person.last_day or None,
        "tenures": [tenure_json(tenure) for tenure in person.tenures],
        "articles": count_json(person.articles, links),
        "statements": count_json(person.statements, links),
    }


def tenure_json(tenure: Tenure) -> Json:
    """`articles` counts those that were read, see `read`."""
    return {
        "title": tenure.title,
        "former": tenure.former,
        "first_day": tenure.first_day or None,
        "last_day": tenure.last_day or None,
        "articles": tenure.articles,
    }


def tenure_line_json(line: TenureLine) -> Json:
    return {**tenure_json(line.tenure), "evidence": [evidence_json(shown) for shown in line.evidence]}


def evidence_json(shown: Evidence) -> Json:
    """`sentence == article.text[start:end]`; null when only the title names the person."""
    return {
        "article_id": shown.article_id,
        "title": shown.title,
        "date": shown.date,
        "sentence": shown.sentence,
        "start": shown.start if shown.start >= 0 else None,
        "end": shown.end if shown.end >= 0 else None,
    }


def handover_json(item: Handover) -> Json:
    return {"title": item.title, "before": holder_json(item.before), "after": holder_json(item.after)}


def holder_json(holder: Holder | None) -> Json | None:
    if holder is None:
        return None
    return {
        "id": holder.id,
        "name": holder.name,
        "first_day": holder.first_day,
        "last_day": holder.last_day,
    }


def reading_json(reading: Reading) -> Json:
    return {"articles": reading.read, "of": reading.total, "whole": reading.whole}


def hit_json(hit: Hit) -> Json:
    """A statement as `/api/statements` gives it."""
    answer: Json = {
        "article_id": hit.id,
        "title": hit.title,
        "date": hit.date,
        "source": hit.source,
        "url": hit.url,
    }
    said = hit.statement
    if said is not None:
        answer |= {
            "official": {"value": said.official, "label": said.name, "offices": list(said.offices)},
            "text": hit.statement_text,
            "start": said.span.start,
            "end": said.span.end,
            "kind": said.kind,
            "event_date": said.event_date,
        }
    return answer


def comparison_json(comparison: Comparison, links: DeskLinks) -> Json:
    """The answer of `/api/compare`."""
    chosen = comparison.query.filters
    return {
        "query": {
            "q": comparison.query.q,
            "source": list(chosen.source),
            "from": chosen.first or None,
            "to": chosen.last or None,
        },
        "columns": [
            {
                "value": column.value,
                "label": column.label,
                "statements": count_json(column.said, links),
                "shown": column.shown,
                "own": list(column.own),
            }
            for column in comparison.columns
        ],
        "shared": [shared_json(item, links) for item in comparison.shared],
        "boilerplate_from_counties": comparison.least_counties,
        "rows": [row_json(row) for row in comparison.rows],
    }


def shared_json(item: SharedWording, links: DeskLinks) -> Json:
    spread = item.spread
    return {
        "words": item.words,
        "officials": list(item.officials),
        "speakers": list(item.speakers),
        "columns": list(item.columns),
        "boilerplate": item.boilerplate,
        "counties": spread.counties if spread else None,
        "statements": count_json(Count(spread.statements, spread.query), links) if spread else None,
    }


def row_json(row: Row) -> Json:
    """`theme` is "" for what has no counterpart; a cell lists its speakers."""
    return {
        "theme": row.label,
        "terms": list(row.terms),
        "cells": [[voice_json(voice) for voice in cell.voices] for cell in row.cells],
    }


def voice_json(voice: Voice) -> Json:
    return {
        "official": voice.official,
        "name": voice.name,
        "offices": list(voice.offices),
        "statements": [speech_json(speech) for speech in voice.speeches],
    }


def speech_json(speech: Speech) -> Json:
    """The pieces, joined, are the part of the statement that is shown."""
    return {
        **hit_json(speech.hit),
        "cited": speech.cited,
        "pieces": [{"text": piece.text, "mark": piece.mark} for piece in speech.pieces],
    }


def track_json(track: Track, collection: str, links: DeskLinks) -> Json:
    """The answer of `/api/phrase`."""
    return {
        "phrase": track.words,
        "in": collection,
        "total": count_json(track.said, links),
        "undated": track.undated,
        "months": months_json(track.activity),
        "first": [hit_json(hit) for hit in track.first],
        "counties": track.counties,
        "spread": [
            {
                "month": step.month,
                "counties": step.total,
                "new": [arrival_json(arrival, links) for arrival in step.new],
            }
            for step in track.steps
        ],
        "top_counties": [counted_json(item, links) for item in track.top_counties],
        "top_officials": [counted_json(item, links) for item in track.top_officials],
    }


def arrival_json(arrival: Arrival, links: DeskLinks) -> Json:
    return {
        "value": arrival.code,
        "label": arrival.label,
        "day": arrival.day,
        "article_id": arrival.hit.id,
        **count_json(arrival.count, links),
    }
