"""Ask about files of the package that are no longer where they were written. GUI thread."""

from dermstation.ui.parts.page import Page
from dermstation.ui.parts.text import WrapLabel, card, label

_INTRO = (
    "They may still be somewhere on this PC or on a drive, unencrypted. The station does not know"
    " where, so it cannot remove them."
)
_TODO = "Delete them wherever you moved them to, then continue."
_CLAIM = "The certificate will say that they were not found and not removed by the station."


class MovedFilesPage(Page):
    """The page that names the files that are gone, before anything is removed."""

    is_short = True

    def __init__(self, names: str) -> None:
        super().__init__("Some files of the package are missing", _INTRO)
        frame, inside = card("band-error")
        inside.addWidget(label("Not found where they were written", "heading"))
        inside.addWidget(WrapLabel(names))
        self.content.addWidget(frame)
        self.content.addWidget(WrapLabel(_TODO, "strong"))
        self.content.addWidget(WrapLabel(_CLAIM))
        self.content.addStretch(1)
        self.go_on = self.set_primary("&Continue without them")
        self.back = self.add_secondary("&Back")
        self.back.clicked.connect(self.back_pressed)
        self.set_first(self.back)
