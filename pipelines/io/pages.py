"""Writing generated pages."""

from pathlib import Path


def write_pages(folder: Path, pages: dict[str, str]) -> list[Path]:
    """Write each page under its name, which may name a folder below; returns the paths, by name."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in sorted(pages.items()):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        written.append(path)
    return written
