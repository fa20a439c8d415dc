"""``python -m duban``: the same as the command ``duban``."""
from duban.cli import app

if __name__ == "__main__":
    app()
