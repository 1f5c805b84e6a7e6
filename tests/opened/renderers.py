"""The programs that draw a PDF, each by a code of its own; one that is missing says so by name."""

import importlib.util
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2

DPI = 144
Pages = list[Any]  # of pixels, BGR


@dataclass(frozen=True)
class Renderer:
    """A program that draws PDFs.

    `strays` is how far the edges of the ink may lie from where others see them, in pixels, and
    `differs` the share of the page's small squares that may look otherwise: LibreOffice sets the
    text anew, with fonts of its own.
    """

    name: str
    needs: str  # a command, or a Python library
    draw: Callable[[Path, Path, str], Pages]
    strays: int = 6
    differs: float = 0.01
    opens_sealed: bool = True

    @property
    def lack(self) -> str:
        """Return why the renderer cannot be asked here, or an empty text if it can."""
        if self.needs == self.name and importlib.util.find_spec(self.needs) is not None:
            return ""
        return "" if shutil.which(self.needs) else f"{self.needs} is not installed"

    def pages(self, pdf: Path, scratch: Path, passphrase: str = "") -> Pages:
        """Draw all pages. Raises OSError or CalledProcessError if the program refuses the file."""
        folder = scratch / self.name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return self.draw(pdf, folder, passphrase)


def run(*command: object) -> str:
    """Run a program and return what it said. Raises CalledProcessError if it failed."""
    words = [str(one) for one in command]
    done = subprocess.run(words, check=True, capture_output=True)
    return (done.stdout + done.stderr).decode(errors="replace")


def _read(folder: Path) -> Pages:
    def number(file: Path) -> int:
        return int(file.stem.rpartition("-")[2])

    return [cv2.imread(str(one)) for one in sorted(folder.glob("page-*.ppm"), key=number)]


def _poppler(pdf: Path, folder: Path, passphrase: str) -> Pages:
    secret = ["-upw", passphrase] if passphrase else []
    run("pdftoppm", "-r", DPI, *secret, pdf, folder / "page")
    return _read(folder)


def _mupdf(pdf: Path, folder: Path, passphrase: str) -> Pages:
    secret = ["-p", passphrase] if passphrase else []
    run("mutool", "draw", "-q", *secret, "-r", DPI, "-o", folder / "page-%d.ppm", pdf)
    return _read(folder)


def _ghostscript(pdf: Path, folder: Path, passphrase: str) -> Pages:
    secret = [f"-sPDFPassword={passphrase}"] if passphrase else []
    smooth = ("-dTextAlphaBits=4", "-dGraphicsAlphaBits=4", "-sDEVICE=ppmraw", f"-r{DPI}")
    run("gs", "-q", "-dSAFER", *smooth, *secret, "-o", folder / "page-%d.ppm", pdf)
    return _read(folder)


def _pdfium(pdf: Path, _folder: Path, passphrase: str) -> Pages:
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf, password=passphrase or None)
    try:
        drawn = [page.render(scale=DPI / 72).to_numpy()[..., :3].copy() for page in document]
    finally:
        document.close()
    return drawn


def _libreoffice(pdf: Path, folder: Path, _passphrase: str) -> Pages:
    """Let Draw read the file, and show what it writes of it."""
    home = f"-env:UserInstallation=file://{folder.parent / 'libreoffice-home'}"
    filters = ("--infilter=draw_pdf_import", "--convert-to", "pdf", "--outdir", folder)
    run("soffice", home, "--headless", *filters, pdf)
    return _poppler(folder / f"{pdf.stem}.pdf", folder, "")


RENDERERS = (
    Renderer("pypdfium2", "pypdfium2", _pdfium),
    Renderer("poppler", "pdftoppm", _poppler),
    Renderer("mupdf", "mutool", _mupdf),
    Renderer("ghostscript", "gs", _ghostscript),
    Renderer("libreoffice", "soffice", _libreoffice, strays=170, differs=0.10, opens_sealed=False),
)
