"""Replacing many certificates at once: found, followed, switched over, told to partners."""
