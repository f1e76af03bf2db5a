"""What our authorities publish for everybody: lists, certificates, answers about revocation."""
