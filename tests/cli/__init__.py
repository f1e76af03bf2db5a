"""The command line as a public interface: exit codes, streams, JSON, words."""
