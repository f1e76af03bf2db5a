"""Two letters for a person, where there is no room for a name."""

from siegel.web.templatetags.siegel import plain


def initials(text: str) -> str:
    """The first letters of the first and the last word."""
    words = [word for word in plain(text).replace("@", " ").split() if word[0].isalnum()]
    return "".join(word[0].upper() for word in (words[:1] + words[1:][-1:]))
