"""The patient's identity and consent."""
