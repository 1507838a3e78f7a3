"""What did they mean? Autocomplete, homophones and near spellings.

Index time: `write_completions(folder, entries)`, `write_speller(folder, vocabulary)`.
Query time: `Completer.open(folder)`, `Speller.open(folder)`: memory-mapped, no pypinyin.
"""

from searchapp.suggest.completion import Completer, Completion, Entry, write_completions
from searchapp.suggest.spelling import Speller, Spelling, write_speller

__all__ = [
    "Completer",
    "Completion",
    "Entry",
    "Speller",
    "Spelling",
    "write_completions",
    "write_speller",
]
