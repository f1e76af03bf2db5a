"""The help: chapters in Markdown, shown as pages here and written as documents (docs/anleitung)."""
