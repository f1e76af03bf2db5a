"""The way to an attached message in an address: ``?in=3.1``, the numbers of the parts."""

from django.http import Http404, HttpRequest

LONGEST = 40  # characters


def way_of(request: HttpRequest) -> tuple[int, ...]:
    text = request.GET.get("in", "")
    if not text:
        return ()
    numbers = text.split(".")
    if len(text) > LONGEST or not all(each.isascii() and each.isdigit() for each in numbers):
        raise Http404
    return tuple(int(each) for each in numbers)


def written(way: tuple[int, ...]) -> str:
    return ".".join(str(number) for number in way)
