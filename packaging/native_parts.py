"""Find out which libraries are inside the native files of the frozen program.

Wheels bring libraries along: as files of their own, or linked into one of theirs. Both are known by
the texts that the libraries put into a file, and by the names of files; for what OpenCV has linked
in, by what it says of its own build. Reads only.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BUILD_INFORMATION = "OpenCV's build information"
NATIVE = re.compile(r"\.(so|pyd|dll|dylib)(\.|$)")
_RELEASE = r"(\d+\.\d+(?:\.\d+)*[a-z]?)"
# what the libraries write of themselves
_TEXTS = {
    "OpenSSL": rf"OpenSSL {_RELEASE} +(?:FIPS )? *\d+ \w{{3}} \d{{4}}",
    "zlib": rf"(?:in|de)flate {_RELEASE}[ -~]{{0,12}} Copyright",
    "libpng": rf"libpng version {_RELEASE}",
    "libjpeg-turbo": rf"libjpeg-turbo version {_RELEASE}",
    "libtiff": rf"LIBTIFF, Version {_RELEASE}",
    "FFmpeg": rf"FFmpeg version n?{_RELEASE}",
    "libvpx": rf"WebM Project VP[89] (?:En|De)coder v{_RELEASE}",
    "OpenBLAS": rf"OpenBLAS {_RELEASE}",
    "Expat": rf"expat_{_RELEASE}",
    "bzip2": rf"{_RELEASE}, +\d+-\w{{3}}-\d{{4}}",
}
_PATTERNS = {name: re.compile(text.encode()) for name, text in _TEXTS.items()}
# files of libraries that say nothing of themselves; their names end in the interface's version
_FILES = {
    r"lib(crypto|ssl)": "OpenSSL",
    r"lib(avcodec|avformat|avutil|swscale|swresample)": "FFmpeg",
    r"libaom": "libaom",
    r"libavif": "libavif",
    r"libdav1d": "dav1d",
    r"libfreetype": "FreeType",
    r"libharfbuzz": "HarfBuzz",
    r"liblcms2": "Little CMS",
    r"liblzma": "xz",
    r"libopenjp2": "OpenJPEG",
    r"libpng16": "libpng",
    r"libtiff": "libtiff",
    r"lib(webp|sharpyuv)\w*": "libwebp",
    r"libzstd": "Zstandard",
    r"libbrotli\w*": "Brotli",
    r"libgfortran|libquadmath|libgcc_s|libstdc\+\+": "GCC runtime",
    r"libffi": "libffi",
    r"libz": "zlib",
    r"libQt6\w+": "Qt",
    r"libicu\w+": "ICU",
    r"libglib-2": "GLib",
    r"libdbus-1": "D-Bus",
    r"libcups": "CUPS",
    r"libkrb5|libk5crypto|libgssapi_krb5|libcom_err": "MIT Kerberos",
    r"lib(gnutls)": "GnuTLS",
}
# how OpenCV's build information names what it has linked in
_BUILT_IN = {
    "ZLib": "zlib",
    "JPEG": "libjpeg-turbo",
    "WEBP": "libwebp",
    "AVIF": "libavif",
    "PNG": "libpng",
    "TIFF": "libtiff",
    "JPEG 2000": "OpenJPEG",
    "OpenEXR": "OpenEXR",
    "Protobuf": "Protobuf",
    "Flatbuffers": "FlatBuffers",
    "Intel IPP": "Intel IPP",
    "avcodec": "FFmpeg libavcodec",
    "avformat": "FFmpeg libavformat",
    "avutil": "FFmpeg libavutil",
    "swscale": "FFmpeg libswscale",
}
_BUILD_LINE = re.compile(r"^ +([A-Za-z0-9 ]+?): +(.*\d.*)$", re.MULTILINE)


@dataclass(frozen=True, order=True)
class Part:
    """A library inside a file: its name, its version if it is known, and where that was read.

    The names of files, and some texts, tell only the version of the interface.
    """

    name: str
    version: str
    told_by: str
    interface: str = ""


def native_files(folder: Path) -> list[Path]:
    """Return the native files below a folder; links are left out."""
    files = (one for one in folder.rglob("*") if one.is_file() and not one.is_symlink())
    return sorted(one for one in files if NATIVE.search(one.name))


def parts_of(file: Path) -> list[Part]:
    """Return the libraries that are known to be inside a file."""
    return parts_in(file.name, file.read_bytes())


def parts_in(name: str, content: bytes) -> list[Part]:
    """Return the libraries inside a file of this name and content."""
    found = {
        Part(library, version, "text in the file")
        for library, pattern in _PATTERNS.items()
        for version in {one.decode() for one in pattern.findall(content)}
    }
    own = _named_by_file(name)
    if own is not None and own.name not in {one.name for one in found}:
        found.add(own)
    return sorted(found)


def opencv_parts(build_information: str) -> list[Part]:
    """Return the libraries that OpenCV says were built or linked into it."""
    return sorted(set(_built_in(build_information)))


def _built_in(build_information: str) -> Iterator[Part]:
    for label, told in _BUILD_LINE.findall(build_information):
        name = _BUILT_IN.get(label.strip())
        if name is None:
            continue
        inside = told[told.find("(") + 1 : told.rfind(")")] if "(" in told else told
        releases = re.findall(r"\d+(?:\.\d+)+", inside)
        interfaces = re.findall(r"0x[0-9a-f]+", inside)
        if releases:
            yield Part(name, releases[-1], BUILD_INFORMATION)
        elif interfaces:
            yield Part(name, "", BUILD_INFORMATION, interfaces[0])


def _named_by_file(name: str) -> Part | None:
    """Return the library that a file's name stands for: libaom-a0d22147.so.3.14.1."""
    stem = re.split(r"\.(?:so|dll|dylib|pyd)", name, maxsplit=1)[0]
    stem = re.sub(r"(?<=\w)(-[0-9a-f]{6,8})+$", "", stem)
    for pattern, library in _FILES.items():
        if re.fullmatch(rf"(?:{pattern})(?:-\d[\d.]*)?", stem):
            release = re.search(rf"\.so\.{_RELEASE}$", name)
            return Part(library, "", "name of the file", release[1] if release else "")
    return None
