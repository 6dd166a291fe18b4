"""`python -m lib COMMAND`."""

from lib.cli import app

if __name__ == "__main__":
    app(prog_name="python -m lib")
