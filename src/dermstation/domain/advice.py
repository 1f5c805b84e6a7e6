"""Advice on a picture: one text for each cause and shot. It is about the hand and the room.

A general picture is taken from afar, a close-up and a side view from 20 to 30 cm, a dermoscopic one
in contact: "rest your hand on the skin" helps one of them alone. Distances as in `domain.shots`.
At most ten words each. Source: the station's own words for what it measures (docs/quality.md).
"""

from dermstation.domain.quality import Cause
from dermstation.domain.shots import ShotKind

# The same for every shot.
_CANNOT_TELL = "Too little detail to judge. Check the focus yourself."
_NOISY = "Too dark or noisy to judge. Turn more light on."
_DAMAGED = "The picture is damaged. Check the cable."
_SCOPE_ON = "Dark around. Take the dermatoscope off the camera."
_SCOPE_OFF = "Take the scope off."
_NO_SKIN = "No skin seen. Point the camera at the skin."
_ONE_LIGHT = "Colours are tinted. Use one kind of light only."
_TINTS = {
    Cause.YELLOWISH: "The light is yellowish. Use daylight or a white lamp.",
    Cause.BLUISH: "The light is bluish. Use a white lamp.",
    Cause.GREENISH: "The light is greenish. Use daylight or a white lamp.",
    Cause.PINKISH: "The light is pinkish. Use daylight or a white lamp.",
}
_LAMP_ASIDE = "Move the lamp a little aside."
_BRACE = "Shaken. Brace your elbows and hold still."

SOURCE = "The station's own words for what it measures; distances as in domain.shots"
ADVICE: dict[ShotKind, dict[Cause, str]] = {
    ShotKind.GENERAL: {
        Cause.DEFOCUS: "Not sharp. Focus on the skin, then hold still.",
        Cause.SHAKE: _BRACE,
        Cause.CANNOT_TELL: _CANNOT_TELL,
        Cause.NOISY: _NOISY,
        Cause.UNDER: "Too dark. Turn more light on.",
        Cause.OVER: "Too bright. Turn the light down or away.",
        Cause.CLIPPED: f"Bright patches lost. {_LAMP_ASIDE}",
        Cause.UNEVEN: "Light is uneven. Turn the patient towards the light.",
        Cause.GLARE: f"Shiny spots. {_LAMP_ASIDE}",
        Cause.CAST: _ONE_LIGHT,
        **_TINTS,
        Cause.NO_SKIN: _NO_SKIN,
        Cause.NO_FIELD: _SCOPE_ON,
        Cause.NO_LESION: "No lesion seen. Check that it is in the picture.",
        Cause.LESION_SMALL: "The lesion is hard to find. Point at it.",
        Cause.LESION_CUT: "The lesion is cut off. Step back.",
        Cause.OFF_CENTRE: "The lesion is near the edge. Aim at it.",
        Cause.NO_RULER: "No ruler seen. The close-up needs one.",
        Cause.TOO_CLOSE: "Too close. Step back and show the body part.",
        Cause.DAMAGED: _DAMAGED,
        Cause.LOOKS_GENERAL: "This looks like a general picture. Show the body part.",
        Cause.LOOKS_CLOSEUP: "This looks like a close-up. Step back.",
        Cause.LOOKS_DERMOSCOPIC: f"This looks like dermoscopy. {_SCOPE_OFF}",
        Cause.KIND_UNCLEAR: "Not clearly a general picture. Show the whole body part.",
        Cause.SCOPE_ON: f"Dark ring around. {_SCOPE_OFF}",
        Cause.WHICH_LESION: "Several alike. Point at yours, or draw an arrow.",
    },
    ShotKind.CLOSEUP: {
        Cause.DEFOCUS: "Not sharp. Move slowly nearer or further, or refocus.",
        Cause.SHAKE: _BRACE,
        Cause.CANNOT_TELL: _CANNOT_TELL,
        Cause.NOISY: _NOISY,
        Cause.UNDER: "Too dark. Turn more light on.",
        Cause.OVER: "Too bright. Turn the light down or away.",
        Cause.CLIPPED: f"Bright patches lost. {_LAMP_ASIDE}",
        Cause.UNEVEN: "Light is uneven. Keep your shadow off the skin.",
        Cause.GLARE: f"Shiny spots. {_LAMP_ASIDE}",
        Cause.CAST: _ONE_LIGHT,
        **_TINTS,
        Cause.NO_SKIN: _NO_SKIN,
        Cause.NO_FIELD: _SCOPE_ON,
        Cause.NO_LESION: "No lesion seen. Bring it to the middle.",
        Cause.LESION_SMALL: "The lesion looks small. Move nearer, to 20 cm.",
        Cause.LESION_CUT: "The lesion is cut off. Move back a little.",
        Cause.OFF_CENTRE: "Bring the lesion to the middle.",
        Cause.NO_RULER: "No ruler seen. Lay one beside the lesion.",
        Cause.TOO_CLOSE: "Too close. Move back to 20 to 30 cm.",
        Cause.DAMAGED: _DAMAGED,
        Cause.LOOKS_GENERAL: "This looks like a general picture. Move nearer.",
        Cause.LOOKS_CLOSEUP: "This looks like a close-up, taken straight on.",
        Cause.LOOKS_DERMOSCOPIC: f"This looks like dermoscopy. {_SCOPE_OFF}",
        Cause.KIND_UNCLEAR: "Not clearly a close-up. Move to 20 to 30 cm.",
        Cause.SCOPE_ON: f"Dark ring around. {_SCOPE_OFF}",
        Cause.WHICH_LESION: "Several alike. Point at yours, or draw an arrow.",
    },
    ShotKind.DERMOSCOPIC: {
        Cause.DEFOCUS: "Not sharp. Turn the focus until skin lines show.",
        Cause.SHAKE: "Shaken. Rest your hand on the skin; hold still.",
        Cause.CANNOT_TELL: _CANNOT_TELL,
        Cause.NOISY: "Too dark or noisy. Turn the scope's light up.",
        Cause.UNDER: "Too dark. Turn the scope's light up.",
        Cause.OVER: "Too bright. Turn the scope's light down.",
        Cause.CLIPPED: "Bright patches lost. Turn the scope's light down.",
        Cause.UNEVEN: "Light is uneven. Set the glass flat.",
        Cause.GLARE: "Shiny spots. Add gel, or use polarised light.",
        Cause.CAST: "Colours are tinted. Turn the room light off.",
        Cause.YELLOWISH: "The light is yellowish. Turn the room light off.",
        Cause.BLUISH: "The light is bluish. Turn the room light off.",
        Cause.GREENISH: "The light is greenish. Turn the room light off.",
        Cause.PINKISH: "The light is pinkish. Turn the room light off.",
        Cause.NO_SKIN: "No skin seen. Set the scope on the skin.",
        Cause.NO_FIELD: "Rest the dermatoscope flat on the skin.",
        Cause.NO_LESION: "No lesion seen. Slide the scope over it.",
        Cause.LESION_SMALL: "The lesion looks small. Zoom in, if yours can.",
        Cause.LESION_CUT: "The lesion is cut off. Slide until all shows.",
        Cause.OFF_CENTRE: "Bring the lesion to the middle.",
        Cause.NO_RULER: "No ruler seen. The close-up needs one.",
        Cause.TOO_CLOSE: "Fills the picture. The general picture shows the place.",
        Cause.DAMAGED: _DAMAGED,
        Cause.LOOKS_GENERAL: "This looks like a general picture. Put the scope on.",
        Cause.LOOKS_CLOSEUP: "This looks like a close-up. Put the scope on.",
        Cause.LOOKS_DERMOSCOPIC: "This looks like dermoscopy.",
        Cause.KIND_UNCLEAR: "Not clearly dermoscopy. Rest the scope on the skin.",
        Cause.SCOPE_ON: "The scope is on, as it should be.",
        Cause.WHICH_LESION: "Several alike. Bring yours to the middle.",
    },
    ShotKind.LATERAL: {
        Cause.DEFOCUS: "Not sharp. Move slowly nearer or further, or refocus.",
        Cause.SHAKE: _BRACE,
        Cause.CANNOT_TELL: _CANNOT_TELL,
        Cause.NOISY: _NOISY,
        Cause.UNDER: "Too dark. Turn more light on.",
        Cause.OVER: "Too bright. Turn the light down or away.",
        Cause.CLIPPED: f"Bright patches lost. {_LAMP_ASIDE}",
        Cause.UNEVEN: "Light is uneven. Keep your shadow off the skin.",
        Cause.GLARE: f"Shiny spots. {_LAMP_ASIDE}",
        Cause.CAST: _ONE_LIGHT,
        **_TINTS,
        Cause.NO_SKIN: _NO_SKIN,
        Cause.NO_FIELD: _SCOPE_ON,
        Cause.NO_LESION: "No lesion seen. Bring it to the middle.",
        Cause.LESION_SMALL: "The lesion looks small. Move nearer.",
        Cause.LESION_CUT: "The lesion is cut off. Move back a little.",
        Cause.OFF_CENTRE: "Bring the lesion to the middle.",
        Cause.NO_RULER: "No ruler seen. The close-up needs one.",
        Cause.TOO_CLOSE: "Too close. Move back a little.",
        Cause.DAMAGED: _DAMAGED,
        Cause.LOOKS_GENERAL: "This looks like a general picture. Move nearer.",
        Cause.LOOKS_CLOSEUP: "This looks like a close-up. Go lower.",
        Cause.LOOKS_DERMOSCOPIC: f"This looks like dermoscopy. {_SCOPE_OFF}",
        Cause.KIND_UNCLEAR: "Not clearly a side view. Hold the camera low.",
        Cause.SCOPE_ON: f"Dark ring around. {_SCOPE_OFF}",
        Cause.WHICH_LESION: "Several alike. Point at yours, or draw an arrow.",
    },
}

# The same in two or three words, to be read from an arm's length and more.
IN_SHORT: dict[Cause, str] = {
    Cause.DEFOCUS: "Not sharp",
    Cause.SHAKE: "Hold still",
    Cause.CANNOT_TELL: "Check the focus",
    Cause.NOISY: "Too dark",
    Cause.UNDER: "Too dark",
    Cause.OVER: "Too bright",
    Cause.CLIPPED: "Too bright",
    Cause.UNEVEN: "Uneven light",
    Cause.GLARE: "Shiny spots",
    Cause.CAST: "Tinted light",
    Cause.YELLOWISH: "Tinted light",
    Cause.BLUISH: "Tinted light",
    Cause.GREENISH: "Tinted light",
    Cause.PINKISH: "Tinted light",
    Cause.NO_SKIN: "No skin seen",
    Cause.NO_FIELD: "Check the scope",
    Cause.NO_LESION: "No lesion seen",
    Cause.LESION_SMALL: "Looks small",
    Cause.LESION_CUT: "Cut off",
    Cause.OFF_CENTRE: "Off centre",
    Cause.NO_RULER: "Add a ruler",
    Cause.TOO_CLOSE: "Too close",
    Cause.DAMAGED: "Damaged",
    Cause.LOOKS_GENERAL: "General?",
    Cause.LOOKS_CLOSEUP: "Close-up?",
    Cause.LOOKS_DERMOSCOPIC: "Dermoscopy?",
    Cause.KIND_UNCLEAR: "Unclear kind",
    Cause.SCOPE_ON: "Check the scope",
    Cause.WHICH_LESION: "Which lesion?",
}


def advice_for(cause: Cause, shot: ShotKind) -> str:
    """Return what to do about a cause in a picture of this shot."""
    return ADVICE[shot][cause]
