"""Import pictures from a camera's memory card or a folder, and erase them there."""
