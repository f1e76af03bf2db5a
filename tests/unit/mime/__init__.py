"""The MIME floor: parsing, values, canonical form, building."""
