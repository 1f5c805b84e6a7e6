"""Who the patient is, and consent."""
