"""What kind of block is each paragraph: body, heading, caption, byline or the editor's note?

Blocks are the non-empty lines of a text; offsets are code points into it, white space at both ends
left out. Statements are looked for in body blocks only, officials not in bylines and notes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from searchapp.annotate.names import HAN

BlockKind = Literal["body", "heading", "caption", "byline", "note"]

HEADING_CHARS = 45
CAPTION_CHARS = 200
# What ends in a photographer's name after more sentences is a paragraph with a caption grown to it.
CAPTION_SENTENCES = 1
BYLINE_CHARS = 80


@dataclass(frozen=True, slots=True)
class Block:
    """`text[start:end]`, one paragraph."""

    start: int
    end: int
    kind: BlockKind


_LINE = re.compile(r"[^\s].*?(?=\s*$)", re.MULTILINE)
_SENTENCE_END = re.compile("[。！？!?…；;]")
_PUNCTUATION = re.compile("[。！？!?…；;：:，,]")
_CAPTION = re.compile(r"(?:摄|供图|资料图|资料图片|图源[^。]{0,12}|制图|航拍|截图|/摄影)[）)。]?$")
_PICTURE = re.compile("^(?:图为|图[①-⑳一二三1-9]|[（(]?(?:资料)?图片?[：:]|▲|△|视频[：:]|题图)")
_BYLINE = re.compile(
    r"(?:记者|通讯员|实习生|撰稿|作者|编辑|责编|校对|审核|监制|策划|摄影|见习)[^。]{0,60}$"
    "|[/／](?:文|图|摄影)|^(?:文|图|文图|文字)[/／丨|：: ]"
    "|^(?:来源|责任编辑|编辑|作者|记者|审核|校对|终审)[：:]"
    "|^[（(][^）)]*(?:记者|通讯员|编辑)[^）)]*[）)]$"
    rf"|^(?:本报|本网|新华社|中新社|央视)[{HAN}]{{0,12}}记者"
)
_NOTE = re.compile(
    r"\[email[\s\xa0]protected\]|[\w.]+@[\w.]+\.\w+|邮箱[：:]|致电\d|热线(?:电话)?[：:]\d|本文素材|版权(?:所有|归)|"
    r"未经(?:授权|许可|报道对象)|(?:欢迎|敬请)(?:关注|投稿|订阅)|扫码|二维码|本(?:栏目|报)(?:倾力|特)|特此声明|免责声明|^(?:编者按|编后|请您点题|延伸阅读|相关链接|推荐阅读)"
)


def blocks_of(text: str) -> tuple[Block, ...]:
    """The paragraphs of `text` in order."""
    return tuple(
        Block(found.start(), found.end(), kind_of(found.group())) for found in _LINE.finditer(text)
    )


def kind_of(paragraph: str) -> BlockKind:
    """The kind of one paragraph."""
    if _NOTE.search(paragraph) and len(paragraph) < 400:
        return "note"
    captioned = _CAPTION.search(paragraph) and paragraph.count("。") <= CAPTION_SENTENCES
    if len(paragraph) <= CAPTION_CHARS and (captioned or _PICTURE.match(paragraph)):
        return "caption"
    if len(paragraph) <= BYLINE_CHARS and not _SENTENCE_END.search(paragraph) and _BYLINE.search(paragraph):
        return "byline"
    if len(paragraph) <= HEADING_CHARS and not _PUNCTUATION.search(paragraph):
        return "heading"
    return "body"
