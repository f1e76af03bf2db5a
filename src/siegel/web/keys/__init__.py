"""Keys and requests: made, renewed, for one account or many, and handed to their people."""
