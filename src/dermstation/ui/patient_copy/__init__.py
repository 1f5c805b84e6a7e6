"""Make the patient a copy of a picture, on paper or as a file."""
