"""What people write and upload for mail to many."""

from collections.abc import Iterable

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from siegel.base.address import EmailAddress
from siegel.base.errors import LimitExceeded, MalformedMessage
from siegel.flows.bulk_list import LARGEST_LIST, MOST_COLUMNS, MOST_ROWS, RecipientList, read_list

LONGEST_TEXT = 100_000  # characters


class BulkForm(forms.Form):
    sender = forms.ChoiceField(label=_("From"))
    subject = forms.CharField(
        label=_("Subject"), max_length=400, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    text = forms.CharField(
        label=_("Text"),
        max_length=LONGEST_TEXT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_(
            "{{Name}} becomes what stands in the column “Name” of your list. {{Name|friends}} "
            "says what to write where that column is empty."
        ),
    )
    file = forms.FileField(
        label=_("List as a file (.csv, .txt)"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv,text/plain"}),
        help_text=_("As Excel or any address book saves it. The first line names the columns."),
    )
    addresses = forms.CharField(
        label=_("Or addresses, one in each line"),
        required=False,
        max_length=1_000_000,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false", "autocomplete": "off"}),
    )
    unsubscribe = forms.URLField(
        label=_("Address for unsubscribing"),
        required=False,
        max_length=300,
        assume_scheme="https",
        help_text=_("Optional: a web page. Mail programs show a button for it."),
    )

    def __init__(self, *args: object, senders: Iterable[EmailAddress], **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]  # passed on
        field = self.fields["sender"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type
        field.choices = [(str(each), str(each)) for each in senders]

    def clean(self) -> dict[str, object]:
        values: dict[str, object] = super().clean() or {}
        if self.errors:
            return values
        try:
            values["recipients"] = self._list(values)
        except LimitExceeded:
            self.add_error(
                "file",
                gettext("Too big: at most %(rows)s recipients, %(columns)s columns and 32 MB.")
                % {"rows": MOST_ROWS, "columns": MOST_COLUMNS},
            )
        except MalformedMessage:
            self.add_error("file", gettext("This is no list that can be read."))
        return values

    def recipients(self) -> RecipientList:
        found = self.cleaned_data["recipients"]
        assert isinstance(found, RecipientList)  # noqa: S101 - narrows the type
        return found

    def _list(self, values: dict[str, object]) -> RecipientList:
        file = values.get("file")
        if isinstance(file, UploadedFile):
            if (file.size or 0) > LARGEST_LIST:
                raise LimitExceeded("the file")
            return read_list(file.read())
        return read_list(str(values.get("addresses", "")).encode("utf-8", "replace"))
