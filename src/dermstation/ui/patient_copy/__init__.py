"""A copy of a picture for the patient: on paper or as a file."""
