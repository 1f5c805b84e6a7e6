"""The PC and the people who use it: operators, settings, audit, backup."""
