"""A capture as a DICOM file: the JPEG unchanged, with patient, study, lesion and site added.

A dermoscopic shot becomes a Dermoscopic Photography image, any other shot a VL Photographic image
(DICOM PS3.3). Unknown values are left empty or left out; nothing is invented. Ids and sources:
`dicom_instances`. Pure functions.
"""

from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence
from pydicom.uid import UID, JPEGBaseline8Bit

from dermstation import __version__
from dermstation.domain.errors import ErrorCode, StationError
from dermstation.domain.records import Capture, CaptureOrigin, Lesion, Polarisation
from dermstation.domain.shots import ShotKind
from dermstation.domain.sites import SOLE, Side, body_site
from dermstation.handover import dicom_study as study
from dermstation.handover.contents import PackageContents
from dermstation.handover.dicom_instances import instance_uid, sources_of
from dermstation.handover.dicom_text import LONG_TEXT_MAX_CHARS, fitted, person
from dermstation.handover.jpeg import without_metadata
from dermstation.handover.picture_facts import quality_line
from dermstation.handover.plan import PlannedImage
from dermstation.imaging.codec import decode, probe
from dermstation.imaging.colour_space import Profile, encoded, is_rgb_coded, profile_of
from dermstation.imaging.icc import adobe_rgb_profile
from dermstation.imaging.jpeg_segments import BASELINE, FRAMES, frame_of, header_segments
from dermstation.imaging.srgb import srgb_profile

DERMOSCOPIC_IMAGE = UID("1.2.840.10008.5.1.4.1.1.77.1.7")
VL_PHOTOGRAPHIC_IMAGE = UID("1.2.840.10008.5.1.4.1.1.77.1.4")
_COLOUR_SAMPLES = 3
# defined terms (PS3.3, C.11.15.1.2.1); a JPEG without a profile counts as sRGB
_NAMED_SPACES = {None: "SRGB", adobe_rgb_profile(): "ADOBERGB"}
_AGAIN_QUALITY = 95
_SOURCE = ("121322", "Source image for image processing operation", "DCM")  # CID 7202
_LATERALITY = {  # CID 244
    Side.LEFT: ("7771000", "Left", "L"),
    Side.RIGHT: ("24028007", "Right", "R"),
    Side.MIDLINE: ("399488007", "Midline", "U"),
}
_POLARISATION = {
    Polarisation.POLARISED: "POLARIZED",
    Polarisation.NON_POLARISED: "NON_POLARIZED",
}
# Sites whose skin shows prints that could identify the patient: palm, fingers and thumb, sole.
_PRINTED_SITES = frozenset({"70887009", "244169007", SOLE, "52953006", "35739000"})


def picture_dicom(contents: PackageContents, image: PlannedImage) -> bytes:
    """Return one picture of a package as a DICOM file.

    Raises StationError PACKAGE_DEVICE_UNKNOWN for a dermoscopic shot if the settings do not name
    the dermatoscope: DICOM does not allow its name to be empty, and it must not be made up.
    """
    coded, is_as_stored = _baseline(image)
    info = probe(coded)
    longer = max(info.width, info.height)
    dataset = described(contents, image, longer, is_as_stored=is_as_stored)
    _add_pixels(dataset, coded)
    changed = None if is_as_stored else coded
    dataset.SOPInstanceUID = instance_uid(contents.patient, image.lesion, image.capture.id, changed)
    return study.written(dataset, JPEGBaseline8Bit)


def described(
    contents: PackageContents, image: PlannedImage, longer: int, *, is_as_stored: bool
) -> Dataset:
    """Return everything about a picture but the pixels and its own id.

    `longer` is its longer side in px, which is the same side however it is turned.
    """
    capture, lesion = image.capture, image.lesion
    dataset = study.shared(contents)
    study.add_clinical(dataset, lesion)
    _add_series(dataset, contents, lesion, capture)
    _add_device(dataset, contents, capture)
    _add_image(dataset, contents, image)
    _add_origin(dataset, contents, image, is_as_stored=is_as_stored)
    _add_site(dataset, lesion)
    if capture.shot is ShotKind.DERMOSCOPIC:
        _add_dermoscopy(dataset, lesion, capture)
    _add_scale(dataset, capture, longer)
    return dataset


def is_coded_as_allowed(jpeg: bytes) -> bool:
    """Return whether a JPEG is baseline, and holds no colours as RGB.

    Of JPEGs in colour, the two kinds of picture allow YBR_FULL_422 alone.
    """
    markers = {segment.marker for segment in header_segments(jpeg)}
    return BASELINE in markers & FRAMES and not is_rgb_coded(jpeg)


def add_colours(dataset: Dataset, profile: Profile) -> None:
    """Say what the numbers of a picture in colour mean; without a profile they are sRGB."""
    dataset.ICCProfile = profile or srgb_profile()
    if profile in _NAMED_SPACES:
        dataset.ColorSpace = _NAMED_SPACES[profile]


def _baseline(image: PlannedImage) -> tuple[bytes, bool]:
    """Return the JPEG without metadata, and whether its coded picture is as the vault holds it.

    The JPEG is encoded again only if it is not coded as the two kinds of picture allow.
    """
    data = without_metadata(image.data)
    if not is_coded_as_allowed(data):
        return encoded(decode(data), _AGAIN_QUALITY, profile_of(data)), False
    return data, image.as_stored


def _add_series(
    dataset: Dataset, contents: PackageContents, lesion: Lesion, capture: Capture
) -> None:
    is_dermoscopic = capture.shot is ShotKind.DERMOSCOPIC
    dataset.Modality = "DMS" if is_dermoscopic else "XC"
    dataset.SOPClassUID = DERMOSCOPIC_IMAGE if is_dermoscopic else VL_PHOTOGRAPHIC_IMAGE
    dataset.SeriesInstanceUID = study.derived_uid("series", lesion.id, dataset.Modality)
    dataset.SeriesNumber = lesion.number * 2 - (not is_dermoscopic)
    dataset.SeriesDescription = fitted(f"{lesion.label} {lesion.told_site}")
    dataset.OperatorsName = person(contents.operator_name(capture.captured_by))
    dataset.TrackingID = lesion.label
    dataset.TrackingUID = study.derived_uid("lesion", lesion.id)


def _add_device(dataset: Dataset, contents: PackageContents, capture: Capture) -> None:
    """Add the device's name; a clinical shot from a memory card has an unknown camera, so none."""
    device = contents.device
    is_dermoscopic = capture.shot is ShotKind.DERMOSCOPIC
    if is_dermoscopic and not device.is_complete:
        raise StationError(ErrorCode.PACKAGE_DEVICE_UNKNOWN)
    if is_dermoscopic or capture.details.origin is CaptureOrigin.LIVE:
        dataset.Manufacturer = fitted(device.manufacturer)
        for name, value in (
            ("ManufacturerModelName", device.model),
            ("DeviceSerialNumber", device.serial),
        ):
            if value:
                setattr(dataset, name, fitted(value))
    else:
        dataset.Manufacturer = ""
    dataset.SoftwareVersions = f"dermstation {__version__}"


def _add_image(dataset: Dataset, contents: PackageContents, image: PlannedImage) -> None:
    capture = image.capture
    day, time = study.day_and_time(capture.captured_at)
    dataset.SeriesDate = dataset.ContentDate = dataset.AcquisitionDate = day
    dataset.SeriesTime = dataset.ContentTime = dataset.AcquisitionTime = time
    dataset.AcquisitionDateTime = study.date_time(capture.captured_at)
    dataset.InstanceNumber = 1 + [one.id for one in contents.captures].index(capture.id)
    dataset.PatientOrientation = []
    quality = quality_line(capture, image.report, shrunk=image.shrunk)
    comments = f"{lesion_words(image)}. {quality}"
    dataset.ImageComments = fitted(comments, LONG_TEXT_MAX_CHARS)
    dataset.BurnedInAnnotation = "NO"
    dataset.AcquisitionContextSequence = Sequence([])  # the station does not ask for any of it


def _add_origin(
    dataset: Dataset, contents: PackageContents, image: PlannedImage, *, is_as_stored: bool
) -> None:
    """Say whether this is an original and, if not, what was done and which images it comes from."""
    copy = image.capture.derivation
    is_original = is_as_stored and copy is None
    dataset.ImageType = ["ORIGINAL" if is_original else "DERIVED", "PRIMARY"]
    if is_original:
        return
    made = "Reduced to fit the destination" if image.shrunk else "Encoded as JPEG"
    done = [*([copy.meaning] if copy is not None else []), *([] if is_as_stored else [made])]
    dataset.DerivationDescription = " ".join(done)
    sources = sources_of(contents.patient, image.lesion, image.capture, is_as_stored=is_as_stored)
    items = []
    for uid in sources:
        item = Dataset()
        item.ReferencedSOPClassUID = dataset.SOPClassUID
        item.ReferencedSOPInstanceUID = uid
        item.PurposeOfReferenceCodeSequence = Sequence([study.code(*_SOURCE)])
        items.append(item)
    dataset.SourceImageSequence = Sequence(items)


def lesion_words(image: PlannedImage) -> str:
    """Return the lesion, the shot, the light and, for a marked or covered copy, that it is one."""
    return f"{image.lesion.label} {image.capture.title}"


def laterality(lesion: Lesion) -> str:
    """Return DICOM's letter for the side of a lesion; empty if nobody recorded it."""
    if lesion.side is not None:
        return _LATERALITY[lesion.side][2]
    return "" if body_site(lesion.site_code).has_side else "U"


def _add_site(dataset: Dataset, lesion: Lesion) -> None:
    site = body_site(lesion.site_code)
    region = study.code(site.code, site.meaning, site.scheme)
    if lesion.side is not None:
        value, meaning, _ = _LATERALITY[lesion.side]
        region.AnatomicRegionModifierSequence = Sequence([study.code(value, meaning)])
    if letter := laterality(lesion):
        dataset.ImageLaterality = letter
    else:
        dataset.Laterality = ""  # the site has two sides, and nobody recorded which
    dataset.AnatomicRegionSequence = Sequence([region])


def _add_dermoscopy(dataset: Dataset, lesion: Lesion, capture: Capture) -> None:
    """Add the modules Frame of Reference and Dermoscopic Image (PS3.3 C.7.4.1, C.8.12.13)."""
    dataset.FrameOfReferenceUID = study.derived_uid("frame", capture.id)  # of this picture alone
    dataset.PositionReferenceIndicator = ""
    has_prints = lesion.site_code in _PRINTED_SITES
    dataset.RecognizableVisualFeatures = "YES" if has_prints else "NO"
    polarisation = capture.details.polarisation
    dataset.LightSourcePolarization = _POLARISATION[polarisation] if polarisation else ""
    dataset.EmitterColorTemperature = None
    dataset.ContactMethod = ""
    dataset.OpticalMagnificationFactor = None


def _add_scale(dataset: Dataset, capture: Capture, longer: int) -> None:
    mm_per_px = capture.details.mm_per_px
    if mm_per_px is not None:
        scaled = mm_per_px * max(capture.width, capture.height) / longer
        dataset.PixelSpacing = [f"{scaled:.6f}"] * 2


def _add_pixels(dataset: Dataset, coded: bytes) -> None:
    info, samples = probe(coded), _components(coded)
    dataset.SamplesPerPixel = samples
    if samples == _COLOUR_SAMPLES:
        dataset.PhotometricInterpretation = "YBR_FULL_422"
        dataset.PlanarConfiguration = 0
        add_colours(dataset, profile_of(coded))
    else:
        dataset.PhotometricInterpretation = "MONOCHROME2"
        dataset.PresentationLUTShape = "IDENTITY"
    dataset.Rows, dataset.Columns = info.height, info.width
    dataset.BitsAllocated = dataset.BitsStored = 8
    dataset.HighBit, dataset.PixelRepresentation = 7, 0
    ratio = info.width * info.height * samples / len(coded)
    dataset.LossyImageCompression = "01"
    dataset.LossyImageCompressionRatio = f"{ratio:.2f}"
    dataset.LossyImageCompressionMethod = "ISO_10918_1"
    dataset.PixelData = encapsulate([coded])
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True


def _components(coded: bytes) -> int:
    """Return how many colour components a baseline JPEG has."""
    return next(
        frame_of(coded, segment).components
        for segment in header_segments(coded)
        if segment.marker == BASELINE
    )
