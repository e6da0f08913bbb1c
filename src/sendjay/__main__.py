"""`python -m sendjay` is `sendjay`."""

from sendjay.cli import main

main()
