"""What kind of block is each paragraph: body, heading, caption, byline or the editor's note?

Blocks are the non-empty lines of a text; offsets are code points into it, white space at both ends
left out. Statements are looked for in body blocks only, officials not in bylines and notes.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from searchapp.annotate.names import HAN

BlockKind = Literal["body", "heading", "caption", "byline", "note"]

HEADING_CHARS = 45
CAPTION_CHARS = 200
# What ends in a photographer's name after more sentences is a paragraph with a caption grown to it.
CAPTION_SENTENCES = 1
# How long the photographer's signature at the end is at most.
SIGNATURE_CHARS = 24
BYLINE_CHARS = 80
NOTE_CHARS = 400


class Block(NamedTuple):
    """`text[start:end]`, one paragraph."""

    start: int
    end: int
    kind: BlockKind


_SENTENCE_END = re.compile("[。！？!?…；;]")
_PUNCTUATION = re.compile("[。！？!?…；;：:，,]")
_CAPTION = re.compile(r"(?:摄|供图|资料图|资料图片|图源[^。]{0,12}|制图|航拍|截图|/摄影)[）)。]?$")
_PICTURE = re.compile("^(?:图为|图[①-⑳一二三1-9]|[（(]?(?:资料)?图片?[：:]|▲|△|视频[：:]|题图)")
# 图为水渠。张三摄  县长甲说：……: the report goes on behind the caption.
_GROWN = re.compile(r"(?:摄|供图)[）)]?[ \u3000]{1,3}(?=[^。]{12,}。)")
_BYLINE = re.compile(
    r"(?:记者|通讯员|实习生|撰稿|作者|编辑|责编|校对|审核|监制|策划|摄影|见习)[^。]{0,60}$"
    "|[/／](?:文|图|摄影)|^(?:文|图|文图|文字)[/／丨|：: ]"
    "|^(?:来源|责任编辑|编辑|作者|记者|审核|校对|终审)[：:]"
    "|^[（(][^）)]*(?:记者|通讯员|编辑)[^）)]*[）)]$"
    rf"|^(?:本报|本网|新华社|中新社|央视)[{HAN}]{{0,12}}记者"
)
# Every branch begins with a character of its own, so that the search is for a set of characters.
_NOTE = re.compile(
    r"\[email[\s\xa0]protected\]|邮箱[：:]|致电\d|热线(?:电话)?[：:]\d|版权(?:所有|归)|未经(?:授权|许可|报道对象)|"
    r"欢迎(?:关注|投稿|订阅)|敬请(?:关注|投稿|订阅)|扫码|二维码|本(?:文素材|(?:栏目|报)(?:倾力|特))|特此声明|免责声明"
)
_MAIL = re.compile(r"[\w.]+@[\w.]+\.\w")
_NOTE_BEGINS = re.compile("编者按|编后|请您点题|延伸阅读|相关链接|推荐阅读")


# The officials and the statements of an article ask for the same ones.
@functools.lru_cache(maxsize=2)
def blocks_of(text: str) -> tuple[Block, ...]:
    """The paragraphs of `text` in order."""
    return tuple(Block(start, start + len(line), kind_of(line)) for start, line in _lines(text))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Where each line that holds anything begins, and the line without white space at both ends."""
    at = 0
    for line in text.split("\n"):
        stripped = line.strip()
        if stripped:
            yield at + len(line) - len(line.lstrip()), stripped
        at += len(line) + 1


def kind_of(paragraph: str) -> BlockKind:
    """The kind of one paragraph."""
    if len(paragraph) < NOTE_CHARS and _is_note(paragraph):
        return "note"
    if len(paragraph) <= CAPTION_CHARS and (_PICTURE.match(paragraph) or _is_captioned(paragraph)):
        return "body" if _GROWN.search(paragraph) else "caption"
    if len(paragraph) <= BYLINE_CHARS and not _SENTENCE_END.search(paragraph) and _BYLINE.search(paragraph):
        return "byline"
    if len(paragraph) <= HEADING_CHARS and not _PUNCTUATION.search(paragraph):
        return "heading"
    return "body"


def _is_note(paragraph: str) -> bool:
    mail = "@" in paragraph and _MAIL.search(paragraph)
    return bool(mail or _NOTE_BEGINS.match(paragraph) or _NOTE.search(paragraph))


def _is_captioned(paragraph: str) -> bool:
    signature = max(len(paragraph) - SIGNATURE_CHARS, 0)
    return _CAPTION.search(paragraph, signature) is not None and paragraph.count("。") <= CAPTION_SENTENCES
