"""Take the pictures of a lesion: live picture, shutter, held picture."""
