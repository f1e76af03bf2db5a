"""The gateway over real sockets: SMTP spoken line by line, a next hop that records."""
