"""The journal as a file, streamed; that somebody took it stands in the journal itself."""

from collections.abc import Iterator

from django.http import HttpRequest, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from siegel.flows.journal_export import as_csv, as_json_lines, note_export
from siegel.policy.roles import Role
from siegel.web import clock
from siegel.web.access import for_role
from siegel.web.journal.forms import FilterForm
from siegel.web.person import Person, language_of

BYTE_ORDER_MARK = "\ufeff"  # without it spreadsheets read UTF-8 as something else


@require_http_methods(["GET", "HEAD", "POST"])
@for_role(Role.ADMINISTRATOR)
def export(request: HttpRequest, person: Person) -> HttpResponseBase:
    """``query`` of the form is the query of the page that was looked at."""
    if request.method != "POST":
        return redirect("journal:list")
    at, language = clock.now(), language_of(request)
    query = request.POST.get("query", "")[:4000]
    form = FilterForm(QueryDict(query), language=language)
    form.is_valid()
    question = form.question(None)
    ending = "jsonl" if request.POST.get("format") == "jsonl" else "csv"
    note_export(ending, query, by=person.actor, at=at)
    if ending == "jsonl":
        lines, content_type = as_json_lines(question), "application/x-ndjson"
    else:
        lines, content_type = _marked(as_csv(question, language)), "text/csv; charset=utf-8"
    answer = StreamingHttpResponse(lines, content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="journal-{at:%Y-%m-%d}.{ending}"'
    return answer


def _marked(lines: Iterator[str]) -> Iterator[str]:
    yield BYTE_ORDER_MARK
    yield from lines
