"""Pure functions from pixels to measurements; numpy and cv2 alone."""
