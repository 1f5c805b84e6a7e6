"""The capture page: live picture, shutter and held picture."""
