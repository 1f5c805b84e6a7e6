"""The words of the station as frozen values and pure rules; no library but nhs-number."""
