"""Measure and process pixels. Pure functions that use numpy and cv2."""
