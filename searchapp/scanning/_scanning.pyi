from searchapp.scanning.in_c import Buffer
from searchapp.scanning.occurrence import Occurrence

VERSION: int

def find(
    begins: Buffer,
    first: Buffer,
    code: Buffer,
    child: Buffer,
    word: Buffer,
    text: Buffer,
    begin: int,
    stop: int,
    everywhere: bool,
    /,
) -> list[Occurrence]: ...
