import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Names of files of drafts are sealed, too; a draft knows the message it became."""

    dependencies = [
        ("store", "0016_mail_reading"),
    ]

    operations = [
        migrations.RemoveField(model_name="draftattachment", name="name"),
        migrations.RemoveField(model_name="draftattachment", name="media_type"),
        migrations.AddField(
            model_name="draftattachment",
            name="label",
            field=models.BinaryField(default=b""),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="draft",
            name="outbox",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="drafts",
                to="store.outboxitem",
            ),
        ),
    ]
