"""X.509 certificates: the list, uploads and locked files, the page of one, export, sending."""
