"""The files of the quality portal: `index.html`, `rapprochement.html`, `centres/<id>.html`, `regles/<RULE-ID>.html`."""

from pathlib import Path

from pipelines.io.pages import write_pages
from pipelines.report.quality_page import Portal
from pipelines.report.quality_read import Quality
from validations.rules.catalogue import CATALOGUE

FOLDER = "qualite"


def portal_pages(quality: Quality, *, is_synthetic: bool) -> dict[str, str]:
    """Every page by its name below the folder of the portal."""
    portal = Portal(quality, is_synthetic)
    return {
        "index.html": portal.index(),
        "rapprochement.html": portal.linkage(),
        **{f"centres/{centre}.html": portal.centre(centre) for centre in portal.centres},
        **{f"regles/{rule}.html": portal.rule(rule) for rule in CATALOGUE},
    }


def write_portal(quality: Quality, out: Path, *, is_synthetic: bool) -> Path:
    """Write the portal into `out/qualite`; returns its first page."""
    folder = out / FOLDER
    write_pages(folder, portal_pages(quality, is_synthetic=is_synthetic))
    return folder / "index.html"
