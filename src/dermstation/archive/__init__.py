"""The way to a DICOM archive and to its worklist: sent, asked, and never believed unchecked."""
