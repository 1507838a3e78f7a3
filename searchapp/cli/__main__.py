"""`python -m searchapp.cli` is the command `searchapp`."""

from searchapp.cli import main

main()
