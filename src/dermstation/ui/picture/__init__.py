"""How a picture is shown: placed, scaled, and what is painted over it."""
