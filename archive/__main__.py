"""`python -m archive`."""

from archive.cli import main

if __name__ == "__main__":
    main(prog_name="python -m archive")
