"""The index of messages by words; made by hand, because each database has its own."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# FTS5 keeps no copy of the words (external content) and no places of words in a message; the
# triggers also see rows that go with their message.
_SQLITE = (
    """CREATE VIRTUAL TABLE store_searchindex USING fts5(
        words, content='store_searchentry', content_rowid='item_id',
        tokenize='unicode61 remove_diacritics 0', prefix='2 3', detail='none', columnsize=0)""",
    """CREATE TRIGGER store_searchentry_added AFTER INSERT ON store_searchentry BEGIN
        INSERT INTO store_searchindex (rowid, words) VALUES (new.item_id, new.words); END""",
    """CREATE TRIGGER store_searchentry_removed AFTER DELETE ON store_searchentry BEGIN
        INSERT INTO store_searchindex (store_searchindex, rowid, words)
        VALUES ('delete', old.item_id, old.words); END""",
    """CREATE TRIGGER store_searchentry_changed AFTER UPDATE ON store_searchentry BEGIN
        INSERT INTO store_searchindex (store_searchindex, rowid, words)
        VALUES ('delete', old.item_id, old.words);
        INSERT INTO store_searchindex (rowid, words) VALUES (new.item_id, new.words); END""",
)
_POSTGRESQL = (
    """ALTER TABLE store_searchentry ADD COLUMN tokens tsvector
        GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED""",
    "CREATE INDEX store_searchentry_tokens ON store_searchentry USING gin (tokens)",
)
_BACK = {
    "sqlite": (
        "DROP TRIGGER store_searchentry_added",
        "DROP TRIGGER store_searchentry_removed",
        "DROP TRIGGER store_searchentry_changed",
        "DROP TABLE store_searchindex",
    ),
    "postgresql": ("ALTER TABLE store_searchentry DROP COLUMN tokens",),
}
_FORTH = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}


def add_index(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    del apps
    for statement in _FORTH[editor.connection.vendor]:
        editor.execute(statement)


def remove_index(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    del apps
    for statement in _BACK[editor.connection.vendor]:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0012_mail"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="folderconversation",
            index=models.Index(
                condition=models.Q(("flagged__gt", 0)),
                fields=["folder", "-latest_at", "-id"],
                name="lines_flagged",
            ),
        ),
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "item",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_entry",
                        serialize=False,
                        to="store.mailitem",
                    ),
                ),
                ("words", models.TextField()),
            ],
        ),
        migrations.RunPython(add_index, remove_index),
    ]
