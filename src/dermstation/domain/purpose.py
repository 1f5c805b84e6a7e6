"""What the station is for, in one sentence that is the same wherever it stands."""

PURPOSE = (
    "Dermstation takes, checks and packages photographs of skin lesions for a referral made by a"
    " clinician, and then removes them from the PC; it does not diagnose, score or enhance."
)
