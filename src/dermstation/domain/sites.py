"""Body sites, from DICOM CID 4029 "Dermatology Anatomic Site", in plain words.

The codes are SNOMED CT's, but for the sole, for which the context group has one of DICOM's own. It
has none for the shoulder, and may be extended: there the code is that of SNOMED CT alone.
"""

from dataclasses import dataclass
from enum import StrEnum

SOLE = "130317"
FACE_REGION = "Head and neck"  # whose general pictures may show a face


class Side(StrEnum):
    """The patient's own side."""

    LEFT = "left"
    RIGHT = "right"
    MIDLINE = "midline"


@dataclass(frozen=True, slots=True)
class BodySite:
    """A site of the vocabulary: code, CID 4029 meaning, and our words for it."""

    code: str
    meaning: str
    words: str
    region: str
    has_side: bool = True
    is_intimate: bool = False  # to everybody; the patient may consider any other site intimate

    @property
    def scheme(self) -> str:
        """Return the code system as DICOM names it: SNOMED CT, or DICOM's own."""
        return "DCM" if self.code == SOLE else "SCT"


def _sites(
    region: str,
    *rows: tuple[str, str, str],
    has_side: bool = True,
    is_intimate: bool = False,
) -> list[BodySite]:
    return [
        BodySite(code, meaning, words, region, has_side, is_intimate)
        for code, meaning, words in rows
    ]


BODY_SITES: tuple[BodySite, ...] = (
    *_sites(
        FACE_REGION,
        ("43067004", "Skin of scalp", "Scalp"),
        ("79951008", "Skin of occipital region", "Back of the head"),
        ("68698007", "Skin of forehead", "Forehead"),
        ("16621002", "Skin of temporal region", "Temple"),
        ("36141000", "Skin of cheek", "Cheek"),
        ("113179006", "Skin of nose", "Nose"),
        ("88089004", "Skin of lip", "Lip"),
        ("23747009", "Skin of chin", "Chin"),
        ("244097004", "Skin of jawline", "Jawline"),
        ("1902009", "Skin of ear", "Ear"),
        ("24483006", "Skin of postauricular region", "Behind the ear"),
        ("362916000", "Skin of eye region", "Around the eye"),
        ("41310005", "Skin of upper eyelid", "Eyelid, upper"),
        ("40069000", "Skin of lower eyelid", "Eyelid, lower"),
        ("113277000", "Oral mucosa", "Mouth, inside"),
        ("11584001", "Skin of anterior portion of neck", "Neck, front"),
        ("5272005", "Skin of lateral portion of neck", "Neck, side"),
        ("76072005", "Skin of supraclavicular region of neck", "Above the collarbone"),
    ),
    *_sites(FACE_REGION, ("4658004", "Skin of nuchal region", "Neck, back"), has_side=False),
    *_sites(
        "Trunk",
        ("244106003", "Skin of anterior surface of thorax", "Chest"),
        ("75093004", "Skin of abdomen", "Abdomen"),
        ("699893008", "Skin of back of upper thoracic region", "Upper back"),
        ("113182001", "Skin of lower back", "Lower back"),
    ),
    *_sites("Trunk", ("315003", "Skin of umbilicus", "Navel"), has_side=False),
    *_sites(
        "Trunk",
        ("82038008", "Skin of breast", "Breast"),
        ("54468004", "Skin of nipple", "Nipple"),
        ("22180002", "Skin of buttock", "Buttock"),
        ("39687006", "Skin of inguinal region", "Groin"),
        is_intimate=True,
    ),
    *_sites(
        "Trunk",
        ("60944009", "Skin of external genitalia", "External genitalia"),
        ("48014002", "Skin of perineum", "Perineum"),
        ("59112000", "Skin of anus", "Around the anus"),
        has_side=False,
        is_intimate=True,
    ),
    *_sites(
        "Arm and hand",
        ("76552005", "Skin structure of shoulder", "Shoulder"),
        ("76261009", "Skin of axilla", "Armpit"),
        ("45981001", "Skin of anterior surface of upper arm", "Upper arm, front"),
        ("72939005", "Skin of posterior surface of upper arm", "Upper arm, back"),
        ("17957002", "Skin of antecubital fossa", "Elbow, front"),
        ("181536004", "Skin of posterior surface of elbow", "Elbow, back"),
        ("70559009", "Skin of anterior surface of forearm", "Forearm, front"),
        ("41550009", "Skin of posterior surface of forearm", "Forearm, back"),
        ("24527008", "Skin of palmar area of wrist", "Wrist, front"),
        ("52876008", "Skin of dorsal area of wrist", "Wrist, back"),
        ("281642007", "Skin of part of dorsal surface of hand", "Back of the hand"),
        ("70887009", "Skin of palm of hand", "Palm"),
        ("244169007", "Skin of digit of hand", "Finger or thumb"),
        ("770809003", "Nail unit of finger", "Fingernail"),
    ),
    *_sites(
        "Leg and foot",
        ("61248009", "Skin of anterior surface of thigh", "Thigh, front"),
        ("4578000", "Skin of posterior surface of thigh", "Thigh, back"),
        ("73958006", "Skin of medial surface of thigh", "Thigh, inner"),
        ("181553006", "Skin of anterior surface of knee", "Knee"),
        ("84507004", "Skin of popliteal fossa", "Back of the knee"),
        ("25763004", "Skin of anterior surface of lower leg", "Shin"),
        ("47224004", "Skin of posterior surface of lower leg", "Calf"),
        ("181563003", "Skin of medial aspect of ankle", "Ankle, inner"),
        ("181564009", "Skin of lateral aspect of ankle", "Ankle, outer"),
        ("60496002", "Skin of foot", "Foot"),
        (SOLE, "Skin of sole of forefoot", "Sole"),
        ("52953006", "Skin of medial border of sole of foot", "Sole, inner border"),
        ("35739000", "Skin of lateral border of sole of foot", "Sole, outer border"),
        ("84607009", "Skin of heel", "Heel"),
        ("52034004", "Skin of toe", "Toe"),
        ("770805009", "Nail unit of toe", "Toenail"),
    ),
)

_BY_CODE = {site.code: site for site in BODY_SITES}


def body_site(code: str) -> BodySite:
    """Return the site of a code. Raises KeyError for a code not in the vocabulary."""
    return _BY_CODE[code]
